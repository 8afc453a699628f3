// SPDX-License-Identifier: GPL-2.0-or-later
#include "app_parts.h"

/* Events on their way to the API's thread; what does not fit is missed, which their numbers tell. */
#define EVENTS_MAX 1024

static int on_event(const struct event *event, void *data)
{
	struct app *app = data;

	port_send(app->events, event);
	return 0;
}

int app_create_watch(struct app *app)
{
	int ret;

	ret = port_create(&app->events, sizeof(struct event), EVENTS_MAX);
	if (ret < 0)
		return ret;
	/* after all who act: what they publish in turn comes later */
	ret = bus_subscribe(app->bus, &app->event_watch, "api", EVENT_NONE, -1, NULL, on_event,
			    app);
	if (ret < 0)
		return ret;
	return preview_create(&app->preview, app->loop, app->frames);
}

void app_destroy_watch(struct app *app)
{
	preview_destroy(app->preview);
	bus_unsubscribe(app->event_watch);
	port_destroy(app->events);
}

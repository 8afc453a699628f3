// SPDX-License-Identifier: GPL-2.0-only
/*
 * strips.c - the strips of a controller as its device node describes them
 */

#include <linux/dev_printk.h>
#include <linux/property.h>

#include "output.h"

/* A pair of ns; untouched if the property is not there */
static int strip_read_window(const struct fwnode_handle *strip, const char *name,
			     struct diuna_window *ret_window)
{
	u32 ns[2];
	int err;

	if (!fwnode_property_present(strip, name))
		return 0;
	err = fwnode_property_read_u32_array(strip, name, ns, ARRAY_SIZE(ns));
	if (err)
		return err;
	ret_window->min_ns = ns[0];
	ret_window->max_ns = ns[1];
	return 0;
}

/* chip = "custom": the pattern and rate come from the windows of the four levels */
static int strip_read_custom(struct device *dev, const struct fwnode_handle *strip,
			     struct diuna_timing *ret_timing)
{
	struct diuna_timing want = { .name = "custom" };
	int err;

	err = strip_read_window(strip, "diuna,t0h-ns", &want.t0h) ?:
	      strip_read_window(strip, "diuna,t0l-ns", &want.t0l) ?:
	      strip_read_window(strip, "diuna,t1h-ns", &want.t1h) ?:
	      strip_read_window(strip, "diuna,t1l-ns", &want.t1l) ?:
	      fwnode_property_read_u32(strip, "diuna,reset-ns", &want.reset_ns);
	if (!err)
		err = diuna_timing_custom(&want, ret_timing);
	if (err == -ERANGE)
		return dev_err_probe(dev, err, "%pfwP: no signal keeps the limits diuna,t0h-ns to diuna,t1l-ns\n",
				     strip);
	if (err)
		return dev_err_probe(dev, err, "%pfwP: chip custom needs diuna,t0h-ns, -t0l-ns, -t1h-ns and -t1l-ns as <shortest longest>, and diuna,reset-ns\n",
				     strip);
	return 0;
}

static int strip_read_timing(struct device *dev, const struct fwnode_handle *strip,
			     struct diuna_timing *ret_timing)
{
	const struct diuna_timing *timing;
	const char *chip = "ws2812b";

	fwnode_property_read_string(strip, "diuna,chip", &chip);
	if (!strcmp(chip, "custom"))
		return strip_read_custom(dev, strip, ret_timing);
	timing = diuna_timing_find(chip);
	if (!timing)
		return dev_err_probe(dev, -EINVAL, "%pfwP: diuna,chip \"%s\" is unknown\n", strip,
				     chip);
	*ret_timing = *timing;
	return 0;
}

/* What is not said is as large as in the datasheets' hungriest parts */
static int strip_read_power(struct device *dev, const struct fwnode_handle *strip, u32 components,
			    struct diuna_power *ret_power)
{
	struct diuna_power power = {
		.idle_ua = DIUNA_DEFAULT_IDLE_UA,
		.ua = { [0 ... DIUNA_COLORS - 1] = DIUNA_DEFAULT_COMPONENT_UA },
	};

	if (fwnode_property_present(strip, "diuna,component-microamp") &&
	    fwnode_property_read_u32_array(strip, "diuna,component-microamp", power.ua, components))
		return dev_err_probe(dev, -EINVAL, "%pfwP: diuna,component-microamp needs %u values\n",
				     strip, components);
	fwnode_property_read_u32(strip, "diuna,idle-microamp", &power.idle_ua);
	fwnode_property_read_u32(strip, "diuna,limit-milliamp", &power.limit_ma);
	for (u32 i = 0; i < DIUNA_COLORS; i++)
		if (power.ua[i] > DIUNA_MAX_UA)
			return dev_err_probe(dev, -EINVAL, "%pfwP: diuna,component-microamp must be at most %u\n",
					     strip, DIUNA_MAX_UA);
	if (power.idle_ua > DIUNA_MAX_UA || power.limit_ma > DIUNA_MAX_POWER_LIMIT_MA)
		return dev_err_probe(dev, -EINVAL, "%pfwP: diuna,idle-microamp must be at most %u, diuna,limit-milliamp at most %u\n",
				     strip, DIUNA_MAX_UA, DIUNA_MAX_POWER_LIMIT_MA);
	*ret_power = power;
	return 0;
}

static int strip_read(struct device *dev, const struct fwnode_handle *strip,
		      struct diuna_wiring *ret_wiring)
{
	struct diuna_wiring w = {};
	const char *order, *label;
	int err;

	err = strip_read_timing(dev, strip, &w.timing);
	if (err)
		return err;

	if (fwnode_property_read_u32(strip, "diuna,pixels", &w.pixels) || !w.pixels ||
	    w.pixels > DIUNA_MAX_PIXELS)
		return dev_err_probe(dev, -EINVAL, "%pfwP: diuna,pixels must be 1 to %u\n", strip,
				     DIUNA_MAX_PIXELS);

	order = strcmp(w.timing.name, "sk6812w") ? "GRB" : "GRBW";
	fwnode_property_read_string(strip, "diuna,color-order", &order);
	if (diuna_order_parse(order, &w.order))
		return dev_err_probe(dev, -EINVAL, "%pfwP: diuna,color-order \"%s\" is no order of RGB or RGBW\n",
				     strip, order);

	err = strip_read_power(dev, strip, w.order.components, &w.power);
	if (err)
		return err;

	if (!fwnode_property_read_string(strip, "label", &label))
		strscpy(w.label, label, sizeof(w.label));
	w.inverted = fwnode_property_read_bool(strip, "diuna,inverted");
	*ret_wiring = w;
	return 0;
}

static int strips_read_controller(struct device *dev, struct diuna_strips *strips)
{
	strips->limit_ma = 0;
	device_property_read_u32(dev, "diuna,limit-milliamp", &strips->limit_ma);
	strips->brightness = DIUNA_MAX_BRIGHTNESS;
	device_property_read_u32(dev, "diuna,brightness", &strips->brightness);
	if (strips->limit_ma > DIUNA_MAX_POWER_LIMIT_MA)
		return dev_err_probe(dev, -EINVAL, "diuna,limit-milliamp must be at most %u\n",
				     DIUNA_MAX_POWER_LIMIT_MA);
	if (strips->brightness > DIUNA_MAX_BRIGHTNESS)
		return dev_err_probe(dev, -EINVAL, "diuna,brightness must be at most %u\n",
				     DIUNA_MAX_BRIGHTNESS);
	return 0;
}

int diuna_strips_read(struct device *dev, u32 outputs, struct diuna_strips *ret_strips)
{
	struct diuna_strips s = {};
	struct fwnode_handle *strip;
	u32 seen = 0;
	int err;

	device_for_each_child_node(dev, strip) {
		u32 output, i;

		err = fwnode_property_read_u32(strip, "reg", &output);
		if (err || output >= outputs || seen & BIT(output)) {
			err = dev_err_probe(dev, -EINVAL, "%pfwP: reg must be below %u, and no other strip's\n",
					    strip, outputs);
			goto err_strip;
		}
		seen |= BIT(output);

		/* channels are counted in the order of the outputs, whatever that of the nodes */
		for (i = s.count++; i && s.output[i - 1] > output; i--) {
			s.output[i] = s.output[i - 1];
			s.wiring[i] = s.wiring[i - 1];
		}
		s.output[i] = output;
		err = strip_read(dev, strip, &s.wiring[i]);
		if (err)
			goto err_strip;
	}
	if (!s.count)
		return dev_err_probe(dev, -EINVAL, "no strips: add a node led-strip@0 with diuna,pixels\n");
	err = strips_read_controller(dev, &s);
	if (err)
		return err;
	*ret_strips = s;
	return 0;

err_strip:
	fwnode_handle_put(strip);
	return err;
}

static void strips_unregister(void *dd)
{
	diuna_unregister(dd);
}

int diuna_strips_register(struct device *dev, const struct diuna_output_ops *ops, void *output,
			  const struct diuna_strips *strips)
{
	const struct diuna_look look = {
		.brightness = strips->brightness,
		.limit_ma = strips->limit_ma,
	};
	struct diuna_device *dd;

	dd = diuna_register(dev, ops, output, strips->wiring, strips->count, &look);
	if (IS_ERR(dd))
		return PTR_ERR(dd);
	return devm_add_action_or_reset(dev, strips_unregister, dd);
}

// SPDX-License-Identifier: GPL-2.0-or-later
// The frame around the views: which one is shown, the connection, notices, first-run help.

import {attribute, fill, h, notice, text} from "./dom.js";
import {lights} from "./lights.js";
import {act, on, start, state} from "./live.js";
import {scenes} from "./scenes.js";
import {setup} from "./setup.js";
import {system} from "./system.js";

const views = {lights, scenes, system, setup};
const titles = {lights: "Lights", scenes: "Scenes", system: "System", setup: "Set-up"};
const main = document.getElementById("main");
let view = null;

function help() {
	try {
		if (localStorage.getItem("diuna-help") === "seen")
			return null;
	} catch {
		return null;
	}
	const element = h("section", {class: "card help", "aria-label": "First steps"},
		h("div", {class: "row"}, h("h2", {class: "grow"}, "Welcome. Three things to know"),
			h("button", {type: "button", class: "button quiet", onclick: () => {
				element.remove();
				try {
					localStorage.setItem("diuna-help", "seen");
				} catch { /* it comes again */ }
			}}, "Got it")),
		h("ol", {class: "steps"},
			h("li", {}, "Choose a zone. Its picture is what the strip shows at this moment."),
			h("li", {}, "Give it a colour or an effect; sliders work while it runs."),
			h("li", {}, "Like it? Save all zones as a ", h("a", {href: "#/scenes"}, "scene"), ". A strip shows wrong colours? ",
				h("a", {href: "#/setup"}, "Set-up"), " finds out why.")));
	return element;
}

function show() {
	const name = location.hash.replace(/^#\//, "") || "lights";
	const chosen = Object.hasOwn(views, name) ? name : "lights";
	view?.end();
	view = views[chosen]();
	fill(main, chosen === "lights" ? help() : null, view.element);
	document.title = `${titles[chosen]} · diuna`;
	for (const link of document.querySelectorAll(".nav a"))
		attribute(link, "aria-current", link.dataset.view === chosen ? "page" : null);
}

function showConnection() {
	const link = document.getElementById("link");
	attribute(link, "class", `link ${state.connected ? "live" : "lost"}`);
	text(document.getElementById("link-text"), state.connected ? "live" : "reconnecting…");
}

const master = document.getElementById("master");
master.addEventListener("click", () => act("POST", "/panel/power-toggle"));
on("panel", () => attribute(master, "aria-checked", String(!state.panel.power_off)));
on("connection", showConnection);
on("problem", problem => notice(problem.message));
addEventListener("hashchange", () => {
	show();
	main.focus({preventScroll: true});
	scrollTo(0, 0);
});
function begin() {
	show();
	start();
}

// the frame of the page is painted first: building the lights takes longer than that
if (document.hidden)
	begin();
else
	requestAnimationFrame(() => setTimeout(begin));

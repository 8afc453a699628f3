// SPDX-License-Identifier: GPL-2.0-or-later
// How the daemon is: health, figures with plots, tasks, log.

import {attribute, fill, h, tabs, text} from "./dom.js";
import {ask, on, state} from "./live.js";
import {Plot} from "./plot.js";

const SAMPLE_MS = 2000;		// of the plots, while this view is looked at
const LINES_SHOWN = 400;
const LEVELS = ["ERROR", "WARNING", "INFO", "DEBUG"];

const time = stamp => new Date(stamp).toLocaleTimeString([], {hour12: false});
const duration = ns => ns >= 1e6 ? `${(ns / 1e6).toFixed(ns < 1e7 ? 2 : 1)} ms` : `${Math.round(ns / 1e3)} µs`;

function healthPart() {
	const badge = h("span", {class: "badge"});
	const reason = h("p", {class: "muted"});
	const outputs = h("ul", {class: "outputs"});
	const element = h("section", {class: "card stack", "aria-labelledby": "health-title"},
		h("div", {class: "row"}, h("h1", {id: "health-title", class: "grow"}, "Health"), badge), reason, outputs);
	const update = health => {
		if (!health)
			return;
		text(badge, health.status);
		attribute(badge, "class", `badge ${health.status === "healthy" ? "fine" : "bad"}`);
		text(reason, health.reason || "Everything runs.");
		fill(outputs, health.outputs.map(output => h("li", {class: "row"},
			h("span", {class: `dot ${output.present ? "fine" : "bad"}`, "aria-hidden": "true"}),
			h("span", {class: "grow"}, output.name, h("span", {class: "muted"}, ` ${output.type}`)),
			h("span", {class: "muted small"}, output.present ? output.frames ? `${output.frames.rendered} frames` : "present" : `missing ${output.error || ""}`))));
	};
	update(state.health);
	return {element, update};
}

function figuresPart() {
	const plots = {
		rate: new Plot("Frames a second", value => value.toFixed(1)),
		late: new Plot("Lateness, 99 %", duration),
		made: new Plot("Frame time, 99 %", duration),
		heat: new Plot("Temperature", value => `${Math.round(value)} °C`),
	};
	plots.heat.element.hidden = true;
	const facts = h("dl", {class: "facts"});
	const element = h("section", {class: "card stack", "aria-labelledby": "figures-title"},
		h("h2", {id: "figures-title"}, "Statistics"), h("div", {class: "plots"}, Object.values(plots).map(plot => plot.element)), facts);
	let before = null;
	const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value)));
	const update = health => {
		const now = performance.now(), started = health.frames?.started ?? 0;
		if (before && started >= before.started)
			plots.rate.add((started - before.started) / (now - before.now) * 1000);
		before = {now, started};
		if (health.frames) {
			plots.late.add(health.frames.late_p99_ns);
			plots.made.add(health.frames.time_p99_ns);
		}
		const heat = health.thermal?.temperature_c;
		if (typeof heat === "number") {
			plots.heat.element.hidden = false;
			plots.heat.add(heat);
		}
		const dropped = health.outputs.reduce((sum, output) => sum + (output.frames?.dropped || 0), 0);
		const foreign = health.outputs.reduce((sum, output) => sum + (output.frames?.foreign || 0), 0);
		fill(facts, fact("Frames", started), fact("Dropped", dropped), fact("Of other programs", foreign),
			fact("Latest frame ever", duration(health.frames?.late_max_ns ?? 0)),
			fact("Stalls of the loop", health.frames?.loop_stalls ?? 0), fact("Tasks", health.tasks.active));
	};
	return {element, update};
}

function tasksPart() {
	const filter = h("select", {class: "select", "aria-label": "Which tasks"},
		["all", "running", "failed", "completed", "cancelled"].map(name => h("option", {value: name}, name === "all" ? "all tasks" : name)));
	const body = h("tbody");
	const update = () => {
		const tasks = [...state.tasks.values()].filter(task => filter.value === "all" || task.status === filter.value);
		const depth = task => {
			let levels = 0;
			for (let up = state.tasks.get(task.parent); up && levels < 4; up = state.tasks.get(up.parent))
				levels++;
			return levels;
		};
		// a parent, then its children; roots in the order of their making
		const order = task => {
			const names = [];
			for (let at = task, i = 0; at && i < 6; at = state.tasks.get(at.parent), i++)
				names.unshift(String(at.id).padStart(9, "0"));
			return names.join("/");
		};
		tasks.sort((a, b) => order(a) < order(b) ? -1 : 1);
		fill(body, tasks.map(task => h("tr", {},
			h("td", {class: "muted"}, task.id),
			h("td", {style: {"padding-left": 12 + depth(task) * 18 + "px"}}, task.description,
				task.error ? h("div", {class: "error-text small"}, task.error) : null),
			h("td", {class: "muted small"}, task.category),
			h("td", {}, h("span", {class: `badge ${{running: "fine", failed: "bad"}[task.status] || ""}`}, task.status)),
			h("td", {class: "muted small"}, task.duration === null ? `since ${time(task.created_at)}` : `${task.duration} s`))));
	};
	filter.addEventListener("change", update);
	update();
	return {
		element: h("section", {class: "stack", "aria-label": "Tasks"}, h("div", {class: "row"}, filter),
			h("div", {class: "scroll", tabindex: 0, role: "region", "aria-label": "Table of tasks"}, h("table", {class: "table"},
				h("thead", {}, h("tr", {}, ["Id", "Task", "Category", "Status", "Time"].map(name => h("th", {scope: "col"}, name)))), body))),
		update,
	};
}

function logPart() {
	const level = h("select", {class: "select", "aria-label": "Least important level shown"},
		LEVELS.map(name => h("option", {value: name}, name.toLowerCase())));
	const search = h("input", {class: "input grow", type: "search", placeholder: "Search the log", "aria-label": "Search the log"});
	const list = h("ol", {class: "log", tabindex: 0, "aria-label": "Log lines, newest last"});
	level.value = "DEBUG";
	const update = () => {
		const end = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
		const words = search.value.toLowerCase();
		const lines = state.logs.filter(line => LEVELS.indexOf(line.level) <= LEVELS.indexOf(level.value) &&
			`${line.category} ${line.message}`.toLowerCase().includes(words)).slice(-LINES_SHOWN);
		fill(list, lines.map(line => h("li", {class: line.level.toLowerCase()},
			h("time", {datetime: line.timestamp}, time(line.timestamp)), " ", h("b", {}, line.level), " ",
			h("span", {class: "muted"}, line.category), " ", line.message, line.error ? ` (${line.error})` : "",
			line.repeated > 1 ? h("span", {class: "muted"}, ` ×${line.repeated}`) : null)));
		if (end)
			list.scrollTop = list.scrollHeight;
	};
	level.addEventListener("change", update);
	search.addEventListener("input", update);
	requestAnimationFrame(() => {
		update();
		list.scrollTop = list.scrollHeight;
	});
	return {element: h("section", {class: "stack", "aria-label": "Log"}, h("div", {class: "row"}, level, search), list), update};
}

export function system() {
	const health = healthPart(), figures = figuresPart();
	const parts = {log: logPart(), tasks: tasksPart()};
	const panel = h("div", {role: "tabpanel"});
	const choose = name => {
		bar.set(name);
		panel.id = `panel-${name}`;
		attribute(panel, "aria-labelledby", `tab-${name}`);
		for (const button of bar.children)
			attribute(button, "aria-controls", button.id === `tab-${name}` ? panel.id : null);
		fill(panel, parts[name].element);
		parts[name].update();
	};
	const bar = tabs("Details", [["log", "Log"], ["tasks", "Tasks"]], "log", choose);
	// figures change with every frame, so the daemon is asked for them, and only while somebody looks
	const sample = async () => {
		if (document.hidden || !state.connected)
			return;
		try {
			const answer = await ask("GET", "/system/health");
			health.update(answer);
			figures.update(answer);
		} catch { /* the connection's state is shown at the top */ }
	};
	const timer = setInterval(sample, SAMPLE_MS);
	const ends = [on("health", () => health.update(state.health)), on("tasks", () => parts.tasks.update()),
		on("log", () => parts.log.update()), on("connection", sample)];
	choose("log");
	sample();
	return {
		element: h("div", {class: "stack"}, h("div", {class: "narrow-wide"}, health.element, figures.element),
			h("div", {class: "card stack"}, bar, panel)),
		end() {
			clearInterval(timer);
			ends.forEach(end => end());
		},
	};
}

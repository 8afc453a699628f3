// SPDX-License-Identifier: GPL-2.0-or-later
// Scenes and presets: what a user gave names to.

import {css, fromHex, toHex} from "./colour.js";
import {fill, h, notice, slider} from "./dom.js";
import {loadFilm} from "./effects.js";
import {act, ask, on, send, state} from "./live.js";

const FADES = [[0, "at once"], [400, "0.4 s"], [2000, "2 s"], [10000, "10 s"], [60000, "a minute"]];

const words = name => name.replace(/_/g, " ").replace(/^./, letter => letter.toUpperCase());
const path = (kind, name) => `/${kind}/${encodeURIComponent(name)}`;

/* A button that asks once more before it does what cannot be undone. */
function carefully(label, name, action) {
	const button = h("button", {type: "button", class: "button quiet bad", "aria-label": `${label} ${name}`}, label);
	let timer = 0;
	button.addEventListener("click", () => {
		if (!timer) {
			button.textContent = "Sure?";
			button.setAttribute("aria-label", `${label} ${name}: press again to do it`);
			timer = setTimeout(() => {
				timer = 0;
				button.textContent = label;
				button.setAttribute("aria-label", `${label} ${name}`);
			}, 4000);
			return;
		}
		clearTimeout(timer);
		action();
	});
	return button;
}

function form(label, button, extra, submit) {
	const input = h("input", {class: "input grow", type: "text", maxlength: 31, required: true, placeholder: label, "aria-label": label});
	return h("form", {class: "row", onsubmit: async event => {
		event.preventDefault();
		if (await submit(input.value.trim()))
			input.value = "";
	}}, input, extra, h("button", {type: "submit", class: "button main"}, button));
}

/* The first picture of an animation as a gradient. */
async function animated(id) {
	const film = await loadFilm(id);
	if (!film)
		return "#1a1b1e";
	const rgb = atob(film.rgb);
	const stops = Array.from({length: film.width}, (_, i) => `rgb(${[0, 1, 2].map(c => rgb.charCodeAt(i * 3 + c)).join(" ")})`);
	return `linear-gradient(90deg, ${stops.join(", ")})`;
}

/* What a scene looks like, zone after zone, as small strips. */
async function miniature(name, place) {
	try {
		const scene = await ask("GET", path("scenes", name));
		fill(place, await Promise.all(scene.zones.map(async zone => {
			const moves = zone.is_on && zone.render_mode === "ANIMATION" && zone.animation;
			const what = !zone.is_on ? "off" : moves ? words(zone.animation.id.toLowerCase()) : toHex(zone.color.rgb);
			return h("span", {class: "scene-zone", title: `${zone.id}: ${what}`, style: {
				background: moves ? await animated(zone.animation.id) : zone.is_on ? css(zone.color.rgb) : "#1a1b1e",
				opacity: zone.is_on ? 0.35 + zone.brightness / 154 : 1,
			}});
		})));
	} catch { /* it was removed meanwhile */ }
}

const CAUSES = {animation: "Another effect", mode: "Colour or effect", power: "On and off", scene: "Scenes"};
const KINDS = {crossfade: "crossfade", fade: "through black", cut: "cut", none: "none"};

/* Names as the daemon has them, of each family's three forms; the first has one. */
const EASINGS = ["linear", ...["sine", "quad", "cubic", "quart", "quint", "expo", "circ", "back", "elastic", "bounce"].flatMap(
	family => ["in", "out", "in_out"].map(way => `${family}_${way}`))];

/* How the lights get from one picture to the next. */
function transitions() {
	const element = h("section", {class: "card stack", "aria-labelledby": "transitions-title"}, h("h2", {id: "transitions-title"}, "Transitions"));
	const rows = new Map();
	const choice = (label, names, change) => {
		const select = h("select", {class: "select", "aria-label": label, onchange: () => change(select.value)},
			names.map(([id, name]) => h("option", {value: id}, name)));
		return select;
	};
	const make = (cause, name) => {
		const path = `/system/transitions/${cause}`;
		const change = body => send(`${path} ${Object.keys(body)}`, "PUT", path, body);
		const ms = slider({label: name, min: 0, max: 5000, step: 100, show: value => `${(value / 1000).toFixed(1)} s`, change: value => change({ms: value})});
		const kind = choice(`${name}: kind`, Object.entries(KINDS), value => change({kind: value}));
		const easing = choice(`${name}: pace`, EASINGS.map(id => [id, words(id)]), value => change({easing: value}));
		rows.set(cause, now => {
			ms.set(now.ms);
			kind.value = now.kind;
			easing.value = now.easing;
		});
		return h("div", {class: "transition"}, ms, kind, easing);
	};
	const update = () => {
		if (!state.transitions)
			return;
		if (!rows.size)
			element.append(...Object.entries(CAUSES).map(([cause, name]) => make(cause, name)));
		for (const [cause, set] of rows)
			set(state.transitions[cause]);
	};
	const end = on("panel", update);
	update();
	return {element, end};
}

export function scenes() {
	const sceneList = h("ul", {class: "scene-list"});
	const presetList = h("ul", {class: "own-presets"});
	const fade = h("select", {class: "select", id: "fade"}, FADES.map(([ms, name]) => h("option", {value: ms}, name)));
	const swatch = h("input", {class: "colour-input", type: "color", value: "#ff8000", "aria-label": "Colour of the new preset"});
	fade.value = "2000";

	const recall = name => act("POST", path("scenes", name) + "/recall", {transition_ms: Number(fade.value)});
	const update = () => {
		fill(sceneList, state.scenes.length ? state.scenes.map(({name, zone_count: count}) => {
			const place = h("span", {class: "scene-picture", "aria-hidden": "true"});
			miniature(name, place);
			return h("li", {class: "scene"},
				h("button", {type: "button", class: "scene-recall", onclick: () => recall(name), "aria-label": `Recall ${name}`},
					place, h("bdi", {class: "scene-name"}, name),
					h("span", {class: "muted small"}, `${count} ${count === 1 ? "zone" : "zones"}`)),
				h("div", {class: "row scene-tools"},
					h("button", {type: "button", class: "button quiet", "aria-label": `Save as ${name}`, onclick: async () =>
						await act("PUT", path("scenes", name)) && notice(`${name} is now what the lights show.`, true)}, "Save again"),
					carefully("Delete", name, () => act("DELETE", path("scenes", name)))));
		}) : h("li", {class: "empty"}, "No scene yet. Set the lights as you like them, give that a name, and it is one press away."));
		const own = state.presets.filter(preset => preset.own);
		fill(presetList, own.length ? own.map(({name, rgb}) => h("li", {class: "row own-preset"},
			h("span", {class: "swatch", "aria-hidden": "true", style: {background: css(rgb)}}),
			h("span", {class: "grow"}, h("bdi", {}, name), " ", h("span", {class: "muted small"}, toHex(rgb))),
			h("button", {type: "button", class: "button quiet", "aria-label": `Show ${name} on all zones`, onclick: () =>
				act("POST", path("presets", name) + "/recall", {transition_ms: Number(fade.value)})}, "Show everywhere"),
			carefully("Delete", name, () => act("DELETE", path("presets", name))))) :
			h("li", {class: "muted small"}, "Colours of your own appear beside the built-in ones of every zone."));
	};
	const end = on("library", update);
	const part = transitions();
	update();
	return {
		element: h("div", {class: "two"},
			h("section", {class: "card stack", "aria-labelledby": "scenes-title"},
				h("div", {class: "row"}, h("h1", {id: "scenes-title", class: "grow"}, "Scenes"),
					h("label", {for: "fade", class: "muted small"}, "Fade"), fade),
				form("Name of a new scene", "Save lights", null, async name => {
					const fine = await act("PUT", path("scenes", name));
					if (fine)
						notice(`Saved as ${name}.`, true);
					return fine;
				}),
				sceneList),
			h("div", {class: "stack"},
				h("section", {class: "card stack", "aria-labelledby": "presets-title"},
					h("h2", {id: "presets-title"}, "Own colours"),
					form("Name of a new colour", "Save", swatch, name => act("PUT", path("presets", name), {rgb: fromHex(swatch.value)})),
					presetList),
				part.element)),
		end() {
			end();
			part.end();
		},
	};
}

// SPDX-License-Identifier: GPL-2.0-or-later
// The gallery of effects and the sliders of the one that runs, both made from what the daemon
// tells about its effects.

import {gradient} from "./colour.js";
import {attribute, fill, h, newId, slider, text, toggle} from "./dom.js";
import {act, ask, send, state} from "./live.js";
import {Film} from "./picture.js";

const films = new Map();	// effect → promise of its miniature's data
let clock = 0;

/** loadFilm() - the promise of a miniature, null if there is none; asked for once */
export function loadFilm(id) {
	if (!films.has(id))
		films.set(id, ask("GET", `/animations/${encodeURIComponent(id.toLowerCase())}/miniature`).catch(() => {
			films.delete(id);
			return null;
		}));
	return films.get(id);
}

/* A palette by what the daemon calls it: its name, or its index. */
const paletteOf = value => state.palettes.find(palette => palette.name === value || palette.index === value);

class PaletteField {
	constructor(param, change) {
		const name = newId();
		this.inputs = state.palettes.map(palette => {
			const input = h("input", {type: "radio", name, onchange: () => change(palette)});
			input.palette = palette;
			return input;
		});
		this.output = h("span", {class: "muted"});
		this.element = h("fieldset", {class: "palettes"},
			h("legend", {}, h("span", {}, param.label), this.output),
			h("div", {class: "palette-list"}, this.inputs.map(input => h("label", {class: "palette", title: input.palette.label},
				input, h("span", {class: "palette-colours", style: {background: gradient(input.palette)}}),
				h("span", {class: "hidden-text"}, input.palette.label)))));
	}

	set(value) {
		const palette = paletteOf(value);
		text(this.output, palette?.label || String(value));
		for (const input of this.inputs)
			input.checked = input.palette === palette;
	}
}

function field(param, change) {
	if (param.type === "bool") {
		const control = toggle(param.label, param.default, change);
		const element = h("div", {class: "row field-row"}, h("span", {class: "grow", "aria-hidden": "true"}, param.label), control);
		return {element, set: control.set};
	}
	if (param.type === "palette") {
		const byName = typeof param.default === "string";
		return new PaletteField(param, palette => change(byName ? palette.name : palette.index));
	}
	const control = slider({label: param.label, min: param.min, max: param.max, value: param.default,
		unit: param.unit, track: param.type === "hue" ? "hue-track" : "", change});
	return {element: control, set: control.set};
}

class Tile {
	constructor(effect, pick) {
		this.effect = effect;
		this.place = h("span", {class: "film"});
		this.element = h("button", {type: "button", class: "tile", "aria-pressed": "false", "data-id": effect.id, onclick: () => pick(effect)},
			this.place, h("span", {class: "tile-name"}, effect.display_name),
			h("span", {class: "tile-what"}, effect.description));
		this.element.tile = this;
		this.seen = false;
	}

	async see(seen) {
		this.seen = seen;
		if (!seen || this.film)
			return;
		const data = await loadFilm(this.effect.id);
		if (data && !this.film) {
			this.film = new Film(data);
			fill(this.place, this.film.picture.canvas);
		}
	}
}

/** Effects - what the tab of a zone shows; @target: of aim() in lights.js */
export class Effects {
	constructor(target) {
		this.fields = new Map();
		this.params = h("div", {class: "params"});
		this.running = h("div", {class: "running", hidden: true});
		this.search = h("input", {class: "input grow", type: "search", placeholder: "Search effects", "aria-label": "Search effects",
			oninput: () => this.filter()});
		this.count = h("span", {class: "muted small", role: "status"});
		this.grid = h("div", {class: "tiles"});
		this.element = h("div", {class: "stack"}, this.running, h("div", {class: "row"}, this.search, this.count), this.grid);
		this.observer = new IntersectionObserver(entries => entries.forEach(entry => entry.target.tile.see(entry.isIntersecting)));
		this.tiles = [];
		this.active = false;
		this.update(target);
	}

	makeTiles() {
		this.tiles = state.animations.map(effect => new Tile(effect, chosen => this.pick(chosen)));
		fill(this.grid, this.tiles.map(tile => tile.element));
		this.tiles.forEach(tile => this.observer.observe(tile.element));
		this.filter();
	}

	filter() {
		const wanted = this.search.value.trim().toLowerCase();
		let count = 0;
		for (const {element, effect} of this.tiles) {
			element.hidden = !`${effect.display_name} ${effect.id} ${effect.description}`.toLowerCase().includes(wanted);
			count += !element.hidden;
		}
		text(this.count, `${count} ${count === 1 ? "effect" : "effects"}`);
	}

	async pick(effect) {
		const {path, targets} = this.target;
		await act("PUT", path + "/animation", {animation_id: effect.id});
		if (!targets.every(zone => state.zones.get(zone.id)?.is_on))
			await act("PUT", path + "/is-on", {is_on: true});
	}

	makeFields(effect) {
		this.effectId = effect.id;
		this.fields.clear();
		// of each zone that runs it; another one has other parameters
		const paths = () => this.target.targets.filter(zone => state.zones.get(zone.id)?.animation?.id === effect.id)
			.map(zone => `/zones/${encodeURIComponent(zone.id)}/animation/parameters`);
		for (const param of effect.parameters)
			this.fields.set(param.name, field(param, value => paths().forEach(path =>
				send(`${path} ${param.name}`, "PUT", path, {parameters: {[param.name]: value}}))));
		fill(this.params, [...this.fields.values()].map(entry => entry.element));
		fill(this.running,
			h("div", {class: "row"}, h("h2", {class: "grow"}, effect.display_name),
				h("button", {type: "button", class: "button quiet", onclick: () => paths().forEach(path => act("PUT", path, {parameters:
					Object.fromEntries(effect.parameters.map(param => [param.name, param.default]))}))}, "Defaults"),
				h("button", {type: "button", class: "button", onclick: () => act("POST", this.target.path + "/animation/stop")}, "Stop")),
			this.params);
	}

	update(target) {
		const {zone} = target;
		this.target = target;
		if (this.tiles.length !== state.animations.length)
			this.makeTiles();
		const runs = zone.render_mode === "ANIMATION" && zone.animation;
		const effect = runs && state.animations.find(({id}) => id === zone.animation.id);
		this.running.hidden = !effect;
		for (const tile of this.tiles)
			attribute(tile.element, "aria-pressed", String(tile.effect === effect));
		if (!effect) {
			this.effectId = null;
			return;
		}
		if (this.effectId !== effect.id)
			this.makeFields(effect);
		for (const [name, entry] of this.fields)
			entry.set(zone.animation.parameters[name]);
	}

	/** run() - the miniatures move only while they are looked at */
	run(active) {
		if (active === this.active)
			return;
		this.active = active;
		if (active && !matchMedia("(prefers-reduced-motion: reduce)").matches)
			requestAnimationFrame(now => this.tick(now));
	}

	tick(now) {
		if (!this.active)
			return;
		clock = now / 1000;
		for (const tile of this.tiles)
			if (tile.seen && tile.film)
				tile.film.show(clock);
		requestAnimationFrame(next => this.tick(next));
	}
}

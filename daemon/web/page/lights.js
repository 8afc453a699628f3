// SPDX-License-Identifier: GPL-2.0-or-later
// The lights: all zones with their live pictures, and what can be done with the chosen one.

import {css, fromHex, fromHue, toHex, toHue} from "./colour.js";
import {attribute, fill, h, newId, slider, tabs, text, toggle} from "./dom.js";
import {Effects} from "./effects.js";
import {act, on, send, state, watch} from "./live.js";
import {Picture} from "./picture.js";
import {wheel} from "./wheel.js";

const KELVIN = {min: 1500, max: 9000, step: 50};	// what lamps have, of what the API takes

const words = name => name.replace(/_/g, " ").replace(/^./, letter => letter.toUpperCase());

/* What pictures are made for: another configuration may have other sizes. */
const shapeOf = zone => `${zone.id} ${zone.index} ${zone.width || zone.pixel_count} ${zone.height}`;

/*
 * What the controls of a zone act on. A group is one canvas while it is on, else each of its
 * members is by itself: then the first one stands for all.
 */
function aim(zone) {
	const members = (zone.group || []).map(id => state.zones.get(id)).filter(member => member);
	if (!members.length || zone.is_on)
		return {zone, path: `/zones/${encodeURIComponent(zone.id)}`, targets: [zone]};
	return {zone: {...members[0], id: zone.id, is_on: members.some(member => member.is_on)},
		path: `/groups/${encodeURIComponent(zone.id)}`, targets: members};
}

/** what() - in words, what a zone shows */
function what(zone) {
	if (!zone.fits && zone.enabled)
		return "does not fit its output";
	if (!zone.enabled)
		return "disabled";
	if (!zone.is_on)
		return "off";
	if (zone.render_mode === "ANIMATION" && zone.animation)
		return state.animations.find(animation => animation.id === zone.animation.id)?.display_name ||
			words(zone.animation.id.toLowerCase());
	const color = zone.color;
	if (color.mode === "PRESET")
		return words(color.preset_name);
	if (color.mode === "HUE")
		return `Hue ${color.hue}°`;
	if (color.mode === "KELVIN")
		return `White ${color.kelvin} K`;
	return toHex(color.rgb);
}

class Card {
	constructor(zone, pick) {
		this.id = zone.id;
		this.shape = shapeOf(zone);
		this.picture = new Picture(zone.width || zone.pixel_count, zone.height || 1);
		this.name = h("bdi", {class: "zone-name"});
		this.what = h("span", {class: "zone-what"});
		this.button = h("button", {type: "button", class: "zone-pick", onclick: () => pick(zone.id)},
			h("span", {class: "zone-words"}, this.name, this.what), this.picture.canvas);
		this.power = toggle(`${zone.display_name}: on`, zone.is_on,
			is_on => act("PUT", `/zones/${encodeURIComponent(zone.id)}/is-on`, {is_on}));
		this.element = h("li", {class: "zone"}, this.button, this.power);
		this.element.card = this;
		this.zone = zone;
		this.unwatch = null;
		this.update(zone);
	}

	/* Pictures are asked for only while the card is on the screen. */
	see(seen) {
		if (seen === Boolean(this.unwatch))
			return;
		this.unwatch?.();
		this.unwatch = seen ? watch(this.zone, bytes => this.picture.show(bytes)) : null;
	}

	update(zone) {
		text(this.name, zone.display_name);
		text(this.what, what(zone));
		this.power.set(zone.is_on);
		this.element.classList.toggle("off", !zone.is_on);
	}

	end() {
		this.see(false);
		this.picture.end();
	}
}

class Colour {
	constructor(target) {
		this.target = target;
		this.wheel = wheel((hue, saturation) => this.pick(hue, saturation));
		this.hue = slider({label: "Hue", min: 0, max: 360, unit: "°", track: "hue-track",
			change: hue => this.pick(hue, this.saturation.input.value / 100)});
		this.saturation = slider({label: "Saturation", min: 0, max: 100, unit: "%", track: "saturation-track",
			change: saturation => this.pick(Number(this.hue.input.value), saturation / 100)});
		this.kelvin = slider({label: "White", ...KELVIN, value: 3000, unit: "K", track: "kelvin-track",
			change: kelvin => this.color({mode: "KELVIN", kelvin})});
		this.hex = h("input", {class: "input hex", type: "text", maxlength: 7, spellcheck: "false", autocomplete: "off",
			"aria-label": "Colour as hexadecimal number", onchange: () => {
				const rgb = fromHex(this.hex.value);
				if (rgb)
					this.color({mode: "RGB", rgb});
				else
					this.update(this.target);
			}});
		this.swatch = h("span", {class: "swatch", "aria-hidden": "true"});
		this.presets = h("div", {class: "presets", role: "group", "aria-label": "Presets"});
		this.element = h("div", {class: "colour"},
			h("div", {class: "colour-wheel"}, this.wheel),
			h("div", {class: "stack colour-fields"}, this.hue, this.saturation, this.kelvin,
				h("div", {class: "row"}, this.swatch, this.hex)),
			h("div", {class: "colour-presets"}, h("h2", {class: "minor"}, "Presets"), this.presets));
		this.makePresets();
		this.update(target);
	}

	pick(hue, saturation) {
		this.showHue(hue, saturation);
		this.color(saturation === 1 ? {mode: "HUE", hue} :
			{mode: "HSV", hsv: [hue, Math.round(saturation * 100), 100]});
	}

	color(color) {
		const {path, targets} = this.target;
		send(path + "/color", "PUT", path + "/color", {color});
		if (targets.some(zone => zone.render_mode === "ANIMATION"))
			send(path + "/render-mode", "PUT", path + "/render-mode", {render_mode: "STATIC"});
	}

	showHue(hue, saturation) {
		this.wheel.set(hue, saturation);
		this.hue.set(Math.round(hue));
		this.saturation.set(Math.round(saturation * 100));
		this.saturation.input.style.setProperty("--track",
			`linear-gradient(90deg, #fff, ${css(fromHue(hue))})`);
	}

	makePresets() {
		fill(this.presets, state.presets.map(preset => h("button", {type: "button", class: "preset", "data-name": preset.name,
			onclick: () => this.color({mode: "PRESET", preset_name: preset.name})},
		h("span", {class: "swatch", "aria-hidden": "true", style: {background: css(preset.rgb)}}), words(preset.name))));
	}

	update(target) {
		const {color} = target.zone;
		this.target = target;
		const seen = toHue(color.rgb);
		if (color.mode === "HUE")
			this.showHue(color.hue, 1);
		else if (color.mode === "HSV")
			this.showHue(color.hsv[0], color.hsv[1] / 100);
		else
			this.showHue(seen.hue, seen.saturation);
		if (color.mode === "KELVIN")
			this.kelvin.set(color.kelvin);
		if (document.activeElement !== this.hex)
			this.hex.value = toHex(color.rgb);
		this.swatch.style.background = css(color.rgb);
		for (const button of this.presets.children)
			attribute(button, "aria-pressed",
				String(color.mode === "PRESET" && button.dataset.name === color.preset_name));
	}
}

class Inspector {
	constructor(zone) {
		this.shape = shapeOf(zone);
		this.id = zone.id;
		this.target = aim(zone);
		this.picture = new Picture(zone.width || zone.pixel_count, zone.height || 1,
			`Live picture of ${zone.display_name}`);
		this.unwatch = watch(zone, bytes => this.picture.show(bytes));
		this.title = h("bdi");
		this.details = h("p", {class: "muted small"});
		this.power = toggle(`${zone.display_name}: on`, zone.is_on, is_on => act("PUT", this.target.path + "/is-on", {is_on}));
		this.brightness = slider({label: "Brightness", min: 0, max: 100, value: zone.brightness, unit: "%",
			change: brightness => send(this.target.path + "/brightness", "PUT", this.target.path + "/brightness", {brightness})});
		this.as = zone.group?.length ? this.makeChoice(zone) : null;
		this.tabs = tabs("What to show", [["colour", "Colour"], ["effects", "Effects"]], "colour", tab => this.show(tab));
		this.colour = new Colour(this.target);
		this.effects = new Effects(this.target);
		this.panel = h("div", {role: "tabpanel"});
		this.element = h("section", {class: "inspector stack", "aria-labelledby": "zone-title"},
			h("div", {class: "card stack"},
				h("div", {class: "row"}, h("div", {class: "grow"}, h("h1", {id: "zone-title"}, this.title), this.details), this.power),
				this.picture.canvas, this.as?.element, this.brightness),
			h("div", {class: "card stack"}, this.tabs, this.panel));
		this.show(this.target.zone.render_mode === "ANIMATION" ? "effects" : "colour");
		this.update(zone);
	}

	/* A group that is on covers its members as one canvas. */
	makeChoice(zone) {
		const path = `/zones/${encodeURIComponent(zone.id)}/is-on`;
		const name = newId();
		const ways = [[true, "One canvas"], [false, "Each member"]].map(([is_on, label]) => {
			const input = h("input", {type: "radio", name, onchange: () => act("PUT", path, {is_on})});
			return {is_on, input, element: h("label", {class: "way"}, input, h("span", {}, label))};
		});
		return {
			element: h("fieldset", {class: "ways"}, h("legend", {class: "hidden-text"}, "What the controls act on"), ways.map(way => way.element)),
			set: is_on => ways.forEach(way => way.input.checked = way.is_on === is_on),
		};
	}

	show(tab) {
		this.tab = tab;
		this.tabs.set(tab);
		this.panel.id = `panel-${tab}`;
		attribute(this.panel, "aria-labelledby", `tab-${tab}`);
		for (const button of this.tabs.children)
			attribute(button, "aria-controls", button.id === `tab-${tab}` ? this.panel.id : null);
		fill(this.panel, tab === "colour" ? this.colour.element : this.effects.element);
		this.effects.run(tab === "effects");
	}

	update(zone) {
		text(this.title, zone.display_name);
		const shape = zone.height > 1 ? `${zone.width} × ${zone.height} pixels` : `${zone.pixel_count} pixels`;
		// a name that runs from right to left turns nothing but itself (U+2068, U+2069)
		const members = zone.group?.length ? ` · group of ${zone.group.map(id => `\u2068${state.zones.get(id)?.display_name || id}\u2069`).join(", ")}` : "";
		this.target = aim(zone);
		const shown = this.target.zone;
		text(this.details, `${shape} on ${zone.output}${members} · ${what({...zone, ...shown})}`);
		this.power.set(shown.is_on);
		this.brightness.set(shown.brightness);
		this.as?.set(zone.is_on);
		this.colour.update(this.target);
		this.effects.update(this.target);
	}

	end() {
		this.unwatch();
		this.picture.end();
		this.effects.run(false);
	}
}

/** lights() - the view; gives its element and what ends it */
export function lights() {
	const list = h("ul", {class: "zone-list"});
	const side = h("section", {class: "zones", "aria-label": "Zones"}, list);
	const element = h("div", {class: "lights"}, side);
	const watcher = new IntersectionObserver(entries => entries.forEach(entry => entry.target.card.see(entry.isIntersecting)));
	let cards = [], inspector = null, chosen = null;

	const pick = (id, scroll = true) => {
		const zone = state.zones.get(id);
		if (inspector?.shape !== shapeOf(zone)) {
			inspector?.end();
			inspector?.element.remove();
			inspector = new Inspector(zone);
			element.append(inspector.element);
		}
		chosen = id;
		try {
			localStorage.setItem("diuna-zone", id);
		} catch { /* not remembered then */ }
		for (const card of cards) {
			attribute(card.button, "aria-pressed", String(card.id === id));
			card.element.classList.toggle("chosen", card.id === id);
		}
		if (scroll && matchMedia("(max-width: 900px)").matches)
			inspector.element.scrollIntoView({behavior: "smooth", block: "start"});
	};
	const rebuild = () => {
		watcher.disconnect();
		cards.forEach(card => card.end());
		cards = [...state.zones.values()].map(zone => new Card(zone, pick));
		cards.forEach(card => watcher.observe(card.element));
		fill(list, cards.map(card => card.element));
		if (!cards.length) {
			fill(list, h("li", {class: "empty"}, state.connected ? "There are no zones in the configuration." : "Waiting for the daemon…"));
			return;
		}
		if (!state.zones.has(chosen)) {
			try {
				chosen = localStorage.getItem("diuna-zone");
			} catch { /* the first one, then */ }
			chosen = state.zones.has(chosen) ? chosen : cards[0].id;
		}
		pick(chosen, false);
	};
	const update = () => {
		const ids = [...state.zones.values()];
		if (ids.length !== cards.length || ids.some((zone, i) => shapeOf(zone) !== cards[i].shape)) {
			rebuild();
			return;
		}
		ids.forEach((zone, i) => cards[i].update(zone));
		inspector?.update(state.zones.get(inspector.id));
	};
	const ends = [on("zones tables", update), on("library", () => {
		inspector?.colour.makePresets();
		update();
	})];
	rebuild();
	return {
		element,
		end() {
			ends.forEach(end => end());
			watcher.disconnect();
			cards.forEach(card => card.end());
			inspector?.end();
		},
	};
}

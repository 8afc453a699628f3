// SPDX-License-Identifier: GPL-2.0-or-later
// Set-up: finds the length and the colour order of a strip by light, and says what to configure.

import {attribute, fill, h, slider, text} from "./dom.js";
import {ask, on, state} from "./live.js";

const HOLD_MS = 5000;		// a test picture lives that long and is sent again before
const STEP_MS = 250;		// of the pixel that walks by itself
const SEEN = ["red", "green", "blue"];
const DIM = 96;			// of 255: bright enough to see, gentle to the supply

/** order() - the colour order of a strip set to RGB that shows the colours @seen for R, G, B */
export function order(configured, seen) {
	// what is sent as component i of the wire lights LED "seen": so that position carries this colour
	const wire = [...configured];
	[..."RGB"].forEach((letter, i) => {
		wire[configured.indexOf(letter)] = {red: "R", green: "G", blue: "B"}[seen[i]];
	});
	return wire.join("");
}

/*
 * Where a strip's length and order are written down: a device has them from the kernel, which has
 * them from config.txt, see dts/README.md; a strip in memory has its length in the configuration.
 */
function lines(strip, {pixels, order: letters}) {
	const number = strip.index ? strip.index + 1 : "";
	if (strip.type !== "device")
		return pixels ? ["in outputs[].channels[] of the configuration, then restart diunad:", `"pixels": ${pixels}`] : [];
	const set = [pixels && `pixels${number}=${pixels}`, letters && `order${number}=${letters}`].filter(part => part);
	return set.length ? ["in config.txt, below the line with dtoverlay=diuna, then reboot:", `dtparam=${set.join(",")}`] : [];
}

class Test {
	constructor() {
		this.output = null;
		this.first = 0;
		this.pixels = 0;
		this.components = 3;
		this.whole = 0;
		this.timer = 0;
	}

	/* show() - paint(pixel index) gives [r, g, b, w] for the chosen strip; the others are dark */
	show(paint) {
		this.paint = paint;
		clearInterval(this.timer);
		this.timer = setInterval(() => this.push(), HOLD_MS * 0.6);
		return this.push();
	}

	async push() {
		if (this.busy) {
			this.again = true;
			return;
		}
		this.busy = true;
		try {
			do {
				this.again = false;
				const bytes = new Uint8Array(this.whole);
				for (let i = 0; i < this.pixels; i++)
					bytes.set(this.paint(i).slice(0, this.components), this.first + i * this.components);
				await ask("PUT", `/outputs/${encodeURIComponent(this.output)}/frame?ttl_ms=${HOLD_MS}`, bytes, "application/octet-stream");
			} while (this.again && this.paint);
			this.onproblem("");
		} catch (problem) {
			clearInterval(this.timer);
			this.onproblem(problem.message);
		} finally {
			this.busy = false;
		}
	}

	async stop() {
		clearInterval(this.timer);
		if (!this.paint)
			return;
		this.paint = null;
		try {
			await ask("DELETE", `/outputs/${encodeURIComponent(this.output)}/frame`);
		} catch { /* it ends by itself */ }
	}
}

export function setup() {
	const test = new Test();
	const problem = h("p", {class: "error-text", role: "status"});
	const choice = h("select", {class: "select", id: "strip"});
	const answer = h("p", {class: "answer", role: "status"});
	const where = h("p", {class: "muted small"});
	const line = h("code", {class: "line"});
	const stage = h("div", {class: "stack"});
	let strips = [], seen = ["red", "green", "blue"], configured = "GRB", found = {};
	const tell = (words, more) => {
		Object.assign(found, more);
		text(answer, words);
		const [place, what] = strips.length ? lines(strips[choice.selectedIndex], found) : [];
		text(where, place || "");
		text(line, what || "");
	};
	test.onproblem = words => text(problem, words);

	let walking = 0;
	const stopWalking = () => {
		clearInterval(walking);
		walking = 0;
		text(walker, "Let it walk");
	};
	const walker = h("button", {type: "button", class: "button", onclick: () => {
		if (walking) {
			stopWalking();
			return;
		}
		text(walker, "Stop walking");
		walking = setInterval(() => {
			const next = Number(walk.input.value) % test.pixels + 1;
			walk.input.value = next;
			walk.input.dispatchEvent(new Event("input"));
		}, STEP_MS);
	}}, "Let it walk");
	const walk = slider({label: "Light pixel number", min: 1, max: 10, value: 1, change: number => {
		test.show(i => i === number - 1 ? [DIM, DIM, DIM, 0] : [0, 0, 0, 0]);
		tell(`If this is the last one that lights, the strip has ${number} ${number === 1 ? "pixel" : "pixels"}.`, {pixels: number});
	}});
	const ruler = () => {
		stopWalking();
		// every tenth red, every fiftieth blue, the first and the last green
		test.show(i => i === 0 || i === test.pixels - 1 ? [0, DIM, 0, 0] : (i + 1) % 50 === 0 ? [0, 0, DIM, 0] :
			(i + 1) % 10 === 0 ? [DIM, 0, 0, 0] : [6, 6, 6, 0]);
		tell("Every tenth pixel is red, every fiftieth blue, the first and the last are green. If the last green one is missing, the strip is shorter than configured.");
	};
	const colours = () => {
		stopWalking();
		test.show(i => [0, 1, 2, 3].map(part => part === Math.floor(i * 3 / test.pixels) ? DIM : 0));
		tellOrder();
	};
	const white = () => {
		stopWalking();
		test.show(() => test.components === 4 ? [0, 0, 0, DIM] : [DIM, DIM, DIM, 0]);
		tell(test.components === 4 ? "The white LED of every pixel is on." : "Red, green and blue of every pixel are on: a clean white means that all three work.");
	};
	const tellOrder = () => {
		if (new Set(seen).size < 3) {
			tell("Each colour is there once: choose what you see in each third.", {order: null});
			return;
		}
		const was = configured + (test.components === 4 ? "W" : "");
		const is = order(was, seen);
		tell(is === was ? `The order ${was} is right.` : `The strip's colour order is ${is}, not ${was}.`, {order: is === was ? null : is});
	};
	const thirds = SEEN.map((name, i) => {
		const select = h("select", {class: "select", "aria-label": `What the ${["first", "second", "last"][i]} third looks like`,
			onchange: () => {
				seen[i] = select.value;
				tellOrder();
			}}, SEEN.map(colour => h("option", {value: colour}, colour)));
		select.value = name;
		return select;
	});
	const orderNow = h("select", {class: "select", "aria-label": "Colour order in the configuration", onchange: () => {
		configured = orderNow.value;
		tellOrder();
	}}, ["GRB", "RGB", "BRG", "BGR", "RBG", "GBR"].map(name => h("option", {value: name}, name)));

	const step = (number, title, words, ...rest) => h("section", {class: "card step"},
		h("span", {class: "step-number", "aria-hidden": "true"}, number),
		h("div", {class: "stack grow"}, h("div", {}, h("h2", {}, title), h("p", {class: "muted small"}, words)), ...rest));
	const choose = () => {
		const strip = strips[choice.selectedIndex];
		if (!strip)
			return;
		test.stop();
		Object.assign(test, strip);
		walk.limit(strip.pixels);
		stopWalking();
		found = {};
		tell("");
	};
	const load = async () => {
		try {
			const answered = await ask("GET", "/outputs");
			strips = answered.outputs.flatMap(output => {
				const whole = output.channels.reduce((sum, channel) => sum + channel.pixels * channel.components, 0);
				let first = 0;
				return output.channels.map((channel, i) => {
					const strip = {output: output.name, type: output.type, index: i, first, whole, pixels: channel.pixels, components: channel.components,
						label: `${output.name}, ${channel.label || `strip ${i + 1}`} (${channel.pixels} pixels)`};
					first += channel.pixels * channel.components;
					return strip;
				});
			});
			fill(choice, strips.map(strip => h("option", {}, strip.label)));
			text(problem, "");
			choose();
		} catch (failure) {
			text(problem, failure.message);
		}
		fill(stage, strips.length ? [
			step(2, "How long is it?", "Move the light to the end of the strip. The number of the last pixel that lights is its length.", walk,
				h("div", {class: "row"}, walker, h("button", {type: "button", class: "button", onclick: ruler}, "Show a ruler"))),
			step(3, "Are the colours right?", "The first third is red, the second green, the last blue. Say what you see instead.",
				h("div", {class: "row"}, h("button", {type: "button", class: "button", onclick: colours}, "Show red, green, blue"),
					h("button", {type: "button", class: "button", onclick: white}, "Show white")),
				h("div", {class: "thirds"}, thirds.map((select, i) => h("span", {class: "third"}, ["First", "Second", "Last"][i], select)),
					h("span", {class: "third"}, "Configured", orderNow))),
		] : []);
	};
	choice.addEventListener("change", choose);
	load();
	const end = on("connection", () => state.connected && load());
	return {
		element: h("div", {class: "setup stack"},
			h("div", {}, h("h1", {}, "Set-up"), h("p", {class: "muted"}, "Light finds out what a strip is. While a test shows, zones are covered; it ends when you leave this page.")),
			step(1, "Which strip?", "One of an output, as the configuration names it.",
				h("div", {class: "row"}, h("label", {for: "strip", class: "hidden-text"}, "Strip"), choice,
					h("button", {type: "button", class: "button", onclick: () => {
						stopWalking();
						test.stop();
						tell("");
					}}, "End the test"))),
			stage,
			h("div", {class: "card result"}, h("h2", {}, "What to write"), answer, where, line, problem)),
		end() {
			end();
			stopWalking();
			test.stop();
		},
	};
}

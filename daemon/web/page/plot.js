// SPDX-License-Identifier: GPL-2.0-or-later
// A plot of the last minutes: one line, its newest value in words.

import {h, text} from "./dom.js";

const SAMPLES = 150;

export class Plot {
	constructor(label, show) {
		this.show = show;
		this.values = [];
		this.canvas = h("canvas", {class: "plot", "aria-hidden": "true"});
		this.now = h("span", {class: "plot-now"}, "–");
		this.most = h("span", {class: "muted small"});
		this.element = h("div", {class: "plot-box"},
			h("div", {class: "row"}, h("span", {class: "muted small grow"}, label), this.most), this.now, this.canvas);
	}

	add(value) {
		this.values.push(value);
		if (this.values.length > SAMPLES)
			this.values.shift();
		text(this.now, this.show(value));
		text(this.most, `highest ${this.show(Math.max(...this.values))}`);
		this.draw();
	}

	draw() {
		const {canvas, values} = this;
		const scale = devicePixelRatio || 1;
		const wide = canvas.clientWidth * scale, high = canvas.clientHeight * scale;
		if (!wide)
			return;
		canvas.width = wide;
		canvas.height = high;
		const context = canvas.getContext("2d");
		const style = getComputedStyle(canvas);
		const top = Math.max(...values, 1e-9) * 1.1;
		const at = i => [wide - (values.length - 1 - i) / (SAMPLES - 1) * wide, high - 2 * scale - values[i] / top * (high - 4 * scale)];
		context.strokeStyle = style.getPropertyValue("--line");
		context.lineWidth = scale;
		context.beginPath();
		for (const y of [0.5, high / 2, high - 0.5])
			context.moveTo(0, y), context.lineTo(wide, y);
		context.stroke();
		context.strokeStyle = context.fillStyle = style.getPropertyValue("--accent");
		context.lineWidth = 1.75 * scale;
		context.lineJoin = "round";
		context.beginPath();
		values.forEach((value, i) => context.lineTo(...at(i)));
		context.stroke();
		context.lineTo(wide, high);
		context.lineTo(at(0)[0], high);
		context.globalAlpha = 0.12;
		context.fill();
	}
}

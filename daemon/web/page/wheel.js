// SPDX-License-Identifier: GPL-2.0-or-later
// A colour wheel: the angle is the hue, the distance from the middle the saturation.

import {fromHue} from "./colour.js";
import {h, held} from "./dom.js";

const SIZE = 440;	// of the drawing; the layout scales it

function paint(canvas) {
	const context = canvas.getContext("2d");
	const image = context.createImageData(SIZE, SIZE);
	const middle = SIZE / 2, radius = middle - 2;
	for (let y = 0, at = 0; y < SIZE; y++) {
		for (let x = 0; x < SIZE; x++, at += 4) {
			const dx = x + 0.5 - middle, dy = y + 0.5 - middle;
			const distance = Math.hypot(dx, dy);
			if (distance > radius + 1)
				continue;
			const hue = (Math.atan2(dx, -dy) * 180 / Math.PI + 360) % 360;
			const rgb = fromHue(hue, Math.min(1, distance / radius));
			image.data.set(rgb, at);
			image.data[at + 3] = 255 * Math.min(1, radius + 1 - distance);
		}
	}
	context.putImageData(image, 0, 0);
}

/**
 * wheel() - the wheel; @change(hue, saturation) is called while a finger or the mouse moves
 *
 * For the pointer only: by keyboard the sliders beside it do the same.
 */
export function wheel(change) {
	const canvas = h("canvas", {width: SIZE, height: SIZE, "aria-hidden": "true"});
	const knob = h("span", {class: "knob", "aria-hidden": "true"});
	const element = h("div", {class: "wheel"}, canvas, knob);

	const place = (hue, saturation) => {
		const angle = hue * Math.PI / 180;
		knob.style.left = 50 + 50 * saturation * Math.sin(angle) + "%";
		knob.style.top = 50 - 50 * saturation * Math.cos(angle) + "%";
		knob.style.background = `rgb(${fromHue(hue, saturation).join(" ")})`;
	};
	const move = event => {
		const box = canvas.getBoundingClientRect();
		const dx = event.clientX - box.left - box.width / 2, dy = event.clientY - box.top - box.height / 2;
		const hue = Math.round((Math.atan2(dx, -dy) * 180 / Math.PI + 360) % 360) % 360;
		// what is nearly at the rim is meant to be on it
		let saturation = Math.min(1, Math.hypot(dx, dy) / (box.width / 2));
		saturation = saturation > 0.93 ? 1 : saturation < 0.05 ? 0 : saturation;
		hand.hold();
		place(hue, saturation);
		change(hue, saturation);
	};
	canvas.addEventListener("pointerdown", event => {
		canvas.setPointerCapture(event.pointerId);
		move(event);
	});
	canvas.addEventListener("pointermove", event => canvas.hasPointerCapture(event.pointerId) && move(event));
	const hand = held(([hue, saturation]) => place(hue, saturation));
	element.set = (hue, saturation) => hand.follow([hue, saturation]);
	paint(canvas);
	return element;
}

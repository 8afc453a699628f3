// SPDX-License-Identifier: GPL-2.0-or-later
// Colour arithmetic. Colours are [r, g, b] of 0 to 255; hue in degrees, saturation 0 to 1.

export function fromHue(hue, saturation = 1, value = 1) {
	const part = k => {
		const place = (k + hue / 60) % 6;
		return Math.round(255 * value * (1 - saturation * Math.max(0, Math.min(place, 4 - place, 1))));
	};
	return [part(5), part(3), part(1)];
}

export function toHue([r, g, b]) {
	const most = Math.max(r, g, b), span = most - Math.min(r, g, b);
	if (!span)
		return {hue: 0, saturation: 0, value: most / 255};
	const hue = most === r ? (g - b) / span : most === g ? (b - r) / span + 2 : (r - g) / span + 4;
	return {hue: (hue * 60 + 360) % 360, saturation: span / most, value: most / 255};
}

export const css = ([r, g, b]) => `rgb(${r} ${g} ${b})`;

export const toHex = rgb => "#" + rgb.map(c => c.toString(16).padStart(2, "0")).join("");

export function fromHex(text) {
	const digits = /^#?([0-9a-f]{6})$/i.exec(text.trim())?.[1];
	return digits ? [0, 2, 4].map(i => parseInt(digits.slice(i, i + 2), 16)) : null;
}

/** gradient() - a palette as a CSS gradient */
export function gradient(palette) {
	const stops = palette.stops.map(([place, r, g, b]) => `rgb(${r} ${g} ${b}) ${(place / 255 * 100).toFixed(1)}%`);
	if (palette.ring) {
		const [, r, g, b] = palette.stops[0];
		stops.push(`rgb(${r} ${g} ${b}) 100%`);
	}
	return stops.length > 1 ? `linear-gradient(90deg, ${stops.join(", ")})` : `rgb(${palette.stops[0].slice(1).join(" ")})`;
}

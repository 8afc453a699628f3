// SPDX-License-Identifier: GPL-2.0-or-later
// Draws pixels as light: a strip in one line, a matrix as it hangs.

const DOTS_MAX = 4096;

/*
 * A lamp at half its light still looks like a lamp, a patch at half its value like brown paint.
 * So what is dim is lifted, its hue kept; full light stays what it is.
 */
const LIFT = Float32Array.from({length: 256}, (_, most) => most ? (most / 255) ** -0.4 : 0);

/**
 * Picture - a canvas that shows @width × @height pixels
 *
 * show(bytes) gives it a picture; it is drawn with the next refresh of the screen, and only
 * then, however many come. A strip that has less than 4 screen pixels for each of its own is
 * drawn as one band.
 */
export class Picture {
	constructor(width, height, label, bars = false) {
		this.bars = bars;
		this.width = width;
		this.height = height;
		this.canvas = document.createElement("canvas");
		this.canvas.className = height > 1 ? "picture matrix" : "picture";
		if (label) {
			this.canvas.setAttribute("role", "img");
			this.canvas.setAttribute("aria-label", label);
		} else {
			this.canvas.setAttribute("aria-hidden", "true");
		}
		this.small = document.createElement("canvas");
		this.small.width = width;
		this.small.height = height;
		this.inner = this.small.getContext("2d");
		this.image = this.inner.createImageData(width, height);
		this.image.data.fill(255);
		for (let i = 0; i < width * height; i++)
			this.image.data.fill(0, i * 4, i * 4 + 3);
		this.context = this.canvas.getContext("2d", {alpha: false});
		this.pending = 0;
		this.resizer = new ResizeObserver(() => this.fit());
		this.resizer.observe(this.canvas);
	}

	fit() {
		const scale = Math.min(devicePixelRatio || 1, 2);
		const wide = Math.round(this.canvas.clientWidth * scale), high = Math.round(this.canvas.clientHeight * scale);
		if (!wide || !high || this.canvas.width === wide && this.canvas.height === high)
			return;
		this.canvas.width = wide;
		this.canvas.height = high;
		this.draw();
	}

	show(bytes) {
		const data = this.image.data, count = Math.min(this.width * this.height, bytes.length / 3);
		for (let i = 0, from = 0, to = 0; i < count; i++, to += 4) {
			const lift = LIFT[Math.max(bytes[from], bytes[from + 1], bytes[from + 2])];
			data[to] = bytes[from++] * lift;
			data[to + 1] = bytes[from++] * lift;
			data[to + 2] = bytes[from++] * lift;
		}
		if (!this.pending)
			this.pending = requestAnimationFrame(() => this.draw());
	}

	draw() {
		this.pending = 0;
		const {context, canvas, small, width, height} = this;
		const cell = Math.min(canvas.width / width, canvas.height / height);
		const across = canvas.width / width, down = height > 1 ? cell : canvas.height;
		const left = height > 1 ? (canvas.width - cell * width) / 2 : 0;
		const top = height > 1 ? (canvas.height - cell * height) / 2 : 0;
		const step = height > 1 ? cell : across;
		this.inner.putImageData(this.image, 0, 0);
		context.fillStyle = "#060607";
		context.fillRect(0, 0, canvas.width, canvas.height);
		if (step < 4 || width * height > DOTS_MAX) {
			context.imageSmoothingEnabled = step < 1;
			context.drawImage(small, left, top, step * width, down * height);
			return;
		}
		// the glow on what is behind the strip
		context.imageSmoothingEnabled = true;
		context.imageSmoothingQuality = "high";
		context.globalAlpha = 0.34;
		context.drawImage(small, left, top, step * width, down * height);
		context.globalAlpha = 1;
		if (this.bars) {
			this.drawBars(step);
			return;
		}
		const size = Math.max(3, Math.min(step * 0.72, down * 0.56, 34));
		const data = this.image.data;
		for (let y = 0, at = 0; y < height; y++) {
			for (let x = 0; x < width; x++, at += 4) {
				const dark = data[at] + data[at + 1] + data[at + 2] < 12;
				context.fillStyle = dark ? "#1a1b1e" : `rgb(${data[at]},${data[at + 1]},${data[at + 2]})`;
				context.beginPath();
				context.roundRect(left + (x + 0.5) * step - size / 2, top + (y + 0.5) * down - size / 2,
					size, size, size * 0.3);
				context.fill();
			}
		}
	}

	drawBars(step) {
		const {context, canvas, image: {data}} = this;
		const gap = Math.max(1, step * 0.16);
		for (let i = 0, at = 0; i < this.width; i++, at += 4) {
			context.fillStyle = `rgb(${data[at]},${data[at + 1]},${data[at + 2]})`;
			context.fillRect(i * step + gap / 2, 0, step - gap, canvas.height);
		}
	}

	end() {
		this.resizer.disconnect();
		cancelAnimationFrame(this.pending);
	}
}

/**
 * Film - a miniature: an animation's first seconds, played in a circle
 *
 * The last pictures go over into the first ones, so that there is no jump.
 */
const SEAM = 12;

export class Film {
	constructor(film) {
		const rgb = Uint8Array.from(atob(film.rgb), letter => letter.charCodeAt(0));
		this.bytes = film.width * film.height * 3;
		this.frames = film.frames - SEAM;
		this.fps = film.fps;
		for (let i = 0; i < SEAM; i++)
			for (let k = 0; k < this.bytes; k++) {
				// the first pictures begin as those that would have followed the last one
				const at = i * this.bytes + k;
				rgb[at] = (rgb[at] * i + rgb[(this.frames + i) * this.bytes + k] * (SEAM - i)) / SEAM;
			}
		this.rgb = rgb;
		this.picture = new Picture(film.width, film.height, null, true);
		this.shown = -1;
		this.show(0);
	}

	show(seconds) {
		const frame = Math.floor(seconds * this.fps) % this.frames;
		if (frame === this.shown)
			return;
		this.shown = frame;
		this.picture.show(this.rgb.subarray(frame * this.bytes, (frame + 1) * this.bytes));
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
// A running diunad with a strip in memory, its frames, and small helpers of the page's tests.
"use strict";

const {spawn} = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");

const LIMIT_MS = 60000;		// after which something that should happen counts as missing

/** until() - wait for something that happens some time; the value that was true at last */
async function until(what, look) {
	const end = Date.now() + LIMIT_MS;
	let last;
	while (Date.now() < end) {
		try {
			last = await look();
			if (last)
				return last;
		} catch (error) {
			last = error;
		}
		await new Promise(done => setTimeout(done, 50));
	}
	throw new Error(`missing: ${what} (last: ${last})`);
}

/* Two strips: A has 16 pixels and B 10 of the first; M is the second, a matrix of 8 × 4. G is A and B. */
const CONFIG = {
	outputs: [{name: "main", type: "virtual", channels: [{pixels: 26, label: "SHELF"}, {pixels: 32}]}],
	zones: [
		{id: "A", display_name: "Shelf", output: "main", first: 0, count: 16, start: {color: {mode: "RGB", rgb: [0, 0, 255]}}},
		{id: "B", display_name: "Desk", output: "main", first: 16, count: 10, reversed: true,
			start: {animation: {id: "RAINBOW"}}},
		{id: "M", display_name: "Window", output: "main", channel: 1, first: 0, count: 32, matrix: {width: 8, height: 4, serpentine: true},
			start: {animation: {id: "FIRE"}}},
		{id: "G", display_name: "Together", members: ["A", "B"]},
	],
	frames: {fps: 30},
	http: {port: 0},
};
const FRAME = (26 + 32) * 3;

class Station {
	static all = [];

	/* @tokens: the text of a token file, if the API is to want one; @config: what CONFIG has not, or otherwise */
	constructor(diunad, tokens = "", config = {}) {
		this.diunad = diunad;
		this.config = {...CONFIG, ...config};
		this.tokens = tokens;
		this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "diuna-page-"));
		this.port = 0;
		Station.all.push(this);
	}

	/** start() - on the port it had before, if it had one; the state is kept in its folder */
	async start() {
		const file = path.join(this.folder, "config.json");
		const sensor = path.join(this.folder, "temperature");
		fs.writeFileSync(sensor, "51000\n");	// thousandths of a degree Celsius
		const config = {...this.config, thermal: {sensor}, http: {port: this.port}, state: {path: path.join(this.folder, "state.json")}};
		if (this.tokens) {
			config.http.token_file = path.join(this.folder, "tokens");
			fs.writeFileSync(config.http.token_file, this.tokens, {mode: 0o600});
		}
		fs.writeFileSync(file, JSON.stringify(config));
		// the preview wants a pipe, and node would give it a socket
		this.process = spawn("bash", ["-c", 'exec 3> >(exec cat); exec "$@" --preview-fd 3 > /dev/null', "-",
			this.diunad, "--config", file], {stdio: ["ignore", "pipe", "pipe"]});
		this.log = "";
		this.frame = null;
		let rest = Buffer.alloc(0);
		this.process.stdout.on("data", bytes => {
			rest = Buffer.concat([rest, bytes]);
			const whole = Math.floor(rest.length / FRAME) * FRAME;
			if (whole)
				this.frame = rest.subarray(whole - FRAME, whole);
			rest = rest.subarray(whole);
		});
		this.process.stderr.on("data", bytes => this.log += bytes);
		this.ended = new Promise(done => this.process.on("exit", code => done(code)));
		const ready = await until("the daemon's ready line", () => /ready: http:\/\/127\.0\.0\.1:(\d+)/.exec(this.log));
		this.port = Number(ready[1]);
		this.url = `http://127.0.0.1:${this.port}`;
	}

	async stop() {
		this.process.kill("SIGTERM");
		return this.ended;
	}

	/** show() - one frame over all zones, [r, g, b] for each pixel as the strips are wired; null: the zones again */
	async show(pixels) {
		const path = "/api/v1/outputs/main/frame";
		const {status, body} = pixels ?
			await this.ask("PUT", `${path}?ttl_ms=600000`, Buffer.from(pixels.flat()), {"Content-Type": "application/octet-stream"}) :
			await this.ask("DELETE", path);
		if (status !== 204)
			throw new Error(`${path}: ${status} ${body}`);
	}

	/** pixel() - of the newest frame: channel after channel, as the strip is wired */
	pixel(index) {
		return this.frame && [...this.frame.subarray(index * 3, index * 3 + 3)];
	}

	/** ask() - status, headers and body of an answer */
	ask(method, where, body, headers = {}) {
		return new Promise((done, failed) => {
			// not as a URL, which would be put in order first
			const request = http.request({host: "127.0.0.1", port: this.port, path: where, method, headers: {
				...body === undefined ? {} : {"Content-Type": "application/json"}, ...headers}}, response => {
				const parts = [];
				response.on("data", part => parts.push(part));
				response.on("end", () => done({status: response.statusCode, headers: response.headers, body: Buffer.concat(parts)}));
			});
			request.on("error", failed);
			request.end(body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body));
		});
	}

	async get(where) {
		return JSON.parse((await this.ask("GET", "/api/v1" + where)).body);
	}

	async put(where, body) {
		const {status, body: text} = await this.ask("PUT", "/api/v1" + where, body);
		if (status !== 204)
			throw new Error(`PUT ${where}: ${status} ${text}`);
	}
}

module.exports = {Station, until};

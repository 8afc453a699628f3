// SPDX-License-Identifier: GPL-2.0-or-later
// The live channel, spoken by the client that most programs in node use.
"use strict";

const assert = require("node:assert");
const net = require("node:net");
const WebSocket = require("ws");
const {until} = require("../page/station.cjs");

const RED = {color: {mode: "RGB", rgb: [255, 0, 0]}};
const TEXT_MAX = 64 * 1024;		// daemon/api/README.md, "From the client"
const LIVE_MAX = 256;			// and "Limits"

/* A client that keeps what it hears. */
class Client {
	constructor(station, {topics, headers, protocols, ...options} = {}) {
		const query = topics === undefined ? "" : `?topics=${topics}`;
		this.heard = [];
		this.pictures = [];
		this.waiting = [];
		this.socket = new WebSocket(`ws://127.0.0.1:${station.port}/api/v1/live${query}`, protocols ?? [], {headers, ...options});
		this.opened = new Promise((done, failed) => {
			this.socket.on("open", done);
			this.socket.on("unexpected-response", (_, response) => failed(Object.assign(new Error(`${response.statusCode}`), {status: response.statusCode})));
			this.socket.on("error", failed);
		});
		this.opened.catch(() => {});
		this.closed = new Promise(done => this.socket.on("close", (code, reason) => done({code, reason: reason.toString()})));
		this.socket.on("message", (data, binary) => {
			(binary ? this.pictures : this.heard).push(binary ? data : JSON.parse(data));
			for (const wake of this.waiting.splice(0))
				wake();
		});
	}

	/** hear() - the next message that is as wanted; those before it are gone */
	async hear(wanted = () => true) {
		for (;;) {
			while (this.heard.length) {
				const message = this.heard.shift();
				if (wanted(message))
					return message;
			}
			await new Promise(done => this.waiting.push(done));
		}
	}

	async picture() {
		while (!this.pictures.length)
			await new Promise(done => this.waiting.push(done));
		return this.pictures.shift();
	}

	say(message) {
		this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
	}

	async ask(method, path, body, id = 1) {
		this.say({type: "request", id, method, path: `/api/v1${path}`, ...body === undefined ? {} : {body}});
		return this.hear(one => one.type === "answer" && one.id === id);
	}

	async end() {
		this.socket.close(1000);
		assert.equal((await this.closed).code, 1000);
	}
}

const output = async station => (await station.get("/outputs")).outputs[0];

/* Frames go on, and none was dropped since @before. */
async function lostNone(station, before) {
	const now = await output(station);
	const later = await until("ten frames more", async () => {
		const one = await output(station);
		return one.frames.rendered >= now.frames.rendered + 10 && one;
	});
	assert.equal(later.frames.dropped, before.frames.dropped);
}

module.exports = (test, begin) => {
	test("ws: a snapshot comes first, and then each change with the next number of its topic", async () => {
		const station = await begin();
		const client = new Client(station);
		const snapshot = await client.hear();
		assert.equal(snapshot.type, "snapshot");
		assert.deepEqual(snapshot.zones, (await station.get("/zones")).zones);
		let number = snapshot.seq.zones;
		for (let brightness = 1; brightness <= 20; brightness++) {
			await station.put("/zones/A/brightness", {brightness});
			const change = await client.hear(one => one.type === "zones");
			assert.equal(change.seq, ++number);
			assert.deepEqual(change.zones, [await station.get("/zones/A")]);
			assert.equal(change.zones[0].brightness, brightness);
		}
		// who asks again gets all of it, with the numbers as they are
		client.say({type: "snapshot", id: 5});
		const again = await client.hear(one => one.type === "snapshot");
		assert.equal(again.id, 5);
		assert.equal(again.seq.zones, number);
		await client.end();
		assert.equal(await station.stop(), 0);
	});

	test("ws: topics are those of the query, then those that were subscribed to", async () => {
		const station = await begin();
		const client = new Client(station, {topics: "library"});
		assert.deepEqual(Object.keys((await client.hear()).seq), ["library"]);
		await station.put("/zones/A/brightness", {brightness: 7});
		await station.put("/presets/lake", {rgb: [1, 60, 90]});
		// the zone's change would have come before
		assert.equal((await client.hear()).type, "library");
		client.say({type: "subscribe", topics: ["zones"], id: "none"});
		assert.equal((await client.hear()).problem.status, 422);
		client.say({type: "subscribe", topics: ["zones"], id: 2});
		assert.deepEqual(Object.keys((await client.hear()).seq), ["zones"]);
		await station.put("/presets/lake", {rgb: [2, 60, 90]});
		await station.put("/zones/A/brightness", {brightness: 8});
		assert.equal((await client.hear()).zones[0].brightness, 8);
		await client.end();
		await assert.rejects(new Client(station, {topics: "zone"}).opened, {status: 400});
		assert.equal(await station.stop(), 0);
	});

	test("ws: commands have the answers that HTTP gives, and show on the strip", async () => {
		const station = await begin();
		const client = new Client(station, {topics: ""});
		await client.hear();
		assert.deepEqual(await client.ask("PUT", "/zones/A/color", RED), {type: "answer", id: 1, status: 204});
		await until("red on the strip", () => station.pixel(0)?.join() === "255,0,0");
		assert.deepEqual((await client.ask("GET", "/zones/A")).body, await station.get("/zones/A"));
		for (const [method, path, body] of [["PUT", "/zones/A/brightness", {brightness: 101}], ["PUT", "/zones/NONE/is-on", {is_on: true}],
			["POST", "/zones/A/color", RED], ["GET", "/nothing"], ["PUT", "/zones/A/color", {color: {mode: "HUE"}}]]) {
			const answer = await client.ask(method, path, body);
			const http = await station.ask(method, `/api/v1${path}`, body);
			assert.equal(answer.status, http.status);
			const {detail, errors} = JSON.parse(http.body);
			assert.equal(answer.problem.detail, detail);
			// a method stands in the message and not in a line of HTTP
			if (http.status !== 405)
				assert.deepEqual(answer.problem.errors, errors);
		}
		await client.end();
		assert.equal(await station.stop(), 0);
	});

	test("ws: pictures have the header of the README, and the colours of the strip", async () => {
		const station = await begin();
		const client = new Client(station, {topics: ""});
		await client.hear();
		await client.ask("PUT", "/zones/M/color", RED);
		client.say({type: "preview", id: 3, fps: 30, zones: ["M"], outputs: ["main"]});
		assert.equal((await client.hear()).status, 204);
		const seen = {};
		while (!seen[0] || !seen[1] || seen[1].subarray(12, 15).join() !== "255,0,0") {
			const picture = await client.picture();
			assert.equal(picture.readUInt8(0), 1);
			assert.equal(picture.length, 12 + 3 * picture.readUInt32LE(8));
			seen[picture.readUInt8(1)] = picture;
		}
		// an output of 26 and 32 pixels; zone M is the second zone, and 8 × 4
		assert.equal(seen[0].readUInt32LE(8), 58);
		assert.deepEqual([seen[1].readUInt16LE(2), seen[1].readUInt32LE(8)], [1, 32]);
		for (let i = 0; i < 32; i++)
			assert.deepEqual([...seen[1].subarray(12 + 3 * i, 15 + 3 * i)], [255, 0, 0]);
		client.say({type: "preview", id: 4, fps: 0, zones: [], outputs: []});
		await client.hear(one => one.id === 4);
		await client.end();
		assert.equal(await station.stop(), 0);
	});

	test("ws: compression that is offered is not agreed on, pings are answered, long texts end it", async () => {
		const station = await begin();
		const client = new Client(station, {topics: "", perMessageDeflate: true});
		await client.hear();
		assert.equal(client.socket.extensions, "");
		const pong = new Promise(done => client.socket.on("pong", done));
		client.socket.ping("are you there");
		assert.equal((await pong).toString(), "are you there");
		// in pieces, which ws makes of send() with fin
		client.socket.send('{"type":"snap', {fin: false});
		client.socket.send('shot","id":9}', {fin: true});
		assert.equal((await client.hear()).id, 9);
		client.say(" ".repeat(TEXT_MAX - 1) + "x");
		assert.equal((await client.hear()).problem.status, 400);
		client.say(" ".repeat(TEXT_MAX) + "x");
		assert.equal((await client.closed).code, 1009);
		const other = new Client(station, {topics: ""});
		await other.hear();
		other.socket.send(Buffer.from("{}"), {binary: true});
		assert.equal((await other.closed).code, 1003);
		assert.equal(await station.stop(), 0);
	});

	test("ws: a token comes as a header or as a protocol, and one that may read changes nothing", async () => {
		const reader = "reader-0123456789abcdef", owner = "owner-0123456789abcdef";
		const station = await begin(`read ${reader}\ncontrol ${owner}\n`);
		await assert.rejects(new Client(station).opened, {status: 401});
		await assert.rejects(new Client(station, {headers: {Authorization: "Bearer x"}}).opened, {status: 401});
		await assert.rejects(new Client(station, {protocols: ["diuna.v1", "bearer.x"]}).opened, {status: 401});
		await assert.rejects(new Client(station, {headers: {Authorization: `Bearer ${owner}`, Origin: "http://evil.example"}}).opened, {status: 403});
		const read = new Client(station, {protocols: ["diuna.v1", `bearer.${reader}`], topics: ""});
		await read.hear();
		assert.equal(read.socket.protocol, "diuna.v1");
		assert.equal((await read.ask("GET", "/zones/A")).status, 200);
		assert.equal((await read.ask("PUT", "/zones/A/color", RED)).status, 403);
		assert.equal((await read.ask("PATCH", "/config", {config: {frames: {fps: 9}}})).status, 403);
		const control = new Client(station, {headers: {Authorization: `Bearer ${owner}`}, topics: ""});
		await control.hear();
		assert.equal((await control.ask("PUT", "/zones/A/color", RED)).status, 204);
		await read.end();
		await control.end();
		assert.equal(await station.stop(), 0);
	});

	test("ws: two clients stay in step, and both are told when the daemon ends", async () => {
		const station = await begin();
		const clients = [new Client(station, {topics: "zones"}), new Client(station, {topics: "zones"})];
		const numbers = await Promise.all(clients.map(async client => (await client.hear()).seq.zones));
		await clients[0].ask("PUT", "/zones/A/color", RED).catch(() => {});
		const changes = await Promise.all(clients.slice(1).map(client => client.hear()));
		assert.equal(changes[0].seq, numbers[1] + 1);
		assert.deepEqual(changes[0].zones[0].color, {mode: "RGB", rgb: [255, 0, 0]});
		const ended = Promise.all(clients.map(client => client.closed));
		assert.equal(await station.stop(), 0);
		assert.deepEqual((await ended).map(one => one.code), [1001, 1001]);
	});

	test("half-open channels, openings that stop half way and a flood of them cost no frame", async () => {
		const station = await begin();
		await station.put("/zones/A/animation", {animation_id: "RAINBOW"});
		const before = await output(station);
		const head = "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
		const sockets = [];
		const open = text => {
			const socket = net.connect(station.port, "127.0.0.1", () => socket.write(text));
			socket.on("error", () => {});
			sockets.push(socket);
			return socket;
		};
		// openings that never come to their end, and channels that never read nor say a word
		for (let i = 0; i < 100; i++)
			open(head);
		for (let i = 0; i < LIVE_MAX + 44; i++)
			open(`${head}\r\n`).pause();
		// who comes while they are there is served as long as there is a place
		await until("an answer in the flood", async () => (await station.ask("GET", "/healthz")).status === 200);
		await lostNone(station, before);
		for (const socket of sockets.splice(0))
			socket.destroy();
		// opened and torn down a thousand times
		for (let i = 0; i < 1000; i++) {
			const socket = open(`${head}\r\n`);
			if (i % 2)
				socket.once("data", () => socket.destroy());
			else
				socket.once("connect", () => socket.resetAndDestroy());
			if (sockets.length > 50)
				await Promise.all(sockets.splice(0).map(one => new Promise(done => one.closed ? done() : one.once("close", done))));
		}
		for (const socket of sockets)
			socket.destroy();
		const client = await until("a place", async () => {
			const one = new Client(station, {topics: "zones"});
			await one.opened;
			return one;
		});
		await client.hear();
		await lostNone(station, before);
		await client.end();
		assert.equal(await station.stop(), 0);
	});
};

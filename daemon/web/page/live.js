// SPDX-License-Identifier: GPL-2.0-or-later
// What the daemon is, kept up to date over /api/v1/live, and requests to it.

const LOG_MAX = 1000;
const TASKS_MAX = 600;
const PICTURES_FPS = 60;	// the most that the daemon gives; who is too slow gets fewer
const RETRY_MS = [250, 500, 1000, 2000, 4000];

/** state - everything known; views read it and listen for what changed */
export const state = {
	connected: false,
	zones: new Map(), panel: null, frames: null, transitions: null, presets: [], scenes: [],
	tasks: new Map(), health: null, logs: [],
	animations: [], palettes: [],
};

const listeners = new Map();
const seq = {};
let socket = null, attempts = 0, timer = 0, token = null, dismissed = false, lastId = 0;
const waiting = new Map();
const watchers = new Map();	// zone index → function(header, bytes)
let wanted = null;

try {
	token = sessionStorage.getItem("diuna-token");
} catch { /* storage is switched off: asked again after a reload */ }

/** on() - call @listener when a topic changed; gives a function that ends it */
export function on(topics, listener) {
	for (const topic of topics.split(" ")) {
		if (!listeners.has(topic))
			listeners.set(topic, new Set());
		listeners.get(topic).add(listener);
	}
	return () => topics.split(" ").forEach(topic => listeners.get(topic).delete(listener));
}

function tell(topic, detail) {
	for (const listener of [...listeners.get(topic) || []])
		listener(detail);
}

/** Problem - a refusal of the daemon in its words */
export class Problem extends Error {
	constructor(status, document) {
		const first = document?.errors?.[0];
		let words = document?.detail || `the daemon answered ${status}`;
		if (first?.allowed && !words.includes(first.allowed))
			words += `: ${first.field ? first.field.replace(/^\//, "") + " " : ""}may be ${first.allowed}`;
		super(words);
		this.status = status;
	}
}

/** ask() - a request to the API: its JSON, or a Problem is thrown */
export async function ask(method, path, body, type = "application/json") {
	const headers = {}, used = token;
	if (body !== undefined)
		headers["Content-Type"] = type;
	if (token)
		headers.Authorization = `Bearer ${token}`;
	let answer;
	try {
		answer = await fetch("/api/v1" + path, {method, headers,
			body: body === undefined ? undefined : type === "application/json" ? JSON.stringify(body) : body});
	} catch {
		throw new Problem(0, {detail: "the daemon cannot be reached"});
	}
	// another request may have asked for it meanwhile
	if (answer.status === 401 && (token !== used || askForToken()))
		return ask(method, path, body, type);
	const text = await answer.text();
	let json = null;
	try {
		json = text ? JSON.parse(text) : null;
	} catch { /* a proxy's page, perhaps */ }
	if (!answer.ok)
		throw new Problem(answer.status, json);
	return json;
}

function askForToken() {
	// who does not know it is not asked again and again
	const given = dismissed ? null : prompt("This diuna wants a token (http.token_file in its configuration names the file):");
	if (!given) {
		dismissed = true;
		return false;
	}
	token = given.trim();
	try {
		sessionStorage.setItem("diuna-token", token);
	} catch { /* as above */ }
	return true;
}

/**
 * send() - ask(), for controls that move: of several with the same @key only the newest waits
 *
 * One is on its way at a time, so that a slider never floods the daemon and its last position
 * is what counts.
 */
const moving = new Map();
export async function send(key, method, path, body) {
	const entry = moving.get(key);
	if (entry) {
		entry.next = [method, path, body];
		return;
	}
	const mine = {next: [method, path, body]};
	moving.set(key, mine);
	try {
		while (mine.next) {
			const args = mine.next;
			mine.next = null;
			await ask(...args);
		}
	} catch (problem) {
		tell("problem", problem);
	} finally {
		moving.delete(key);
	}
}

/** act() - ask(), and a refusal is shown; true if it was done */
export async function act(method, path, body) {
	try {
		await ask(method, path, body);
		return true;
	} catch (problem) {
		tell("problem", problem);
		return false;
	}
}

function merge(map, list) {
	for (const item of list)
		map.set(item.id, item);
}

function keepLogs(lines) {
	const last = state.logs.length ? state.logs[state.logs.length - 1].seq : -1;
	state.logs.push(...lines.filter(line => line.seq > last));
	if (state.logs.length > LOG_MAX)
		state.logs.splice(0, state.logs.length - LOG_MAX);
}

function takeSnapshot(message) {
	Object.assign(seq, message.seq);
	if (message.zones) {
		state.zones = new Map();
		message.zones.forEach((zone, index) => state.zones.set(zone.id, {...zone, index}));
	}
	for (const key of ["panel", "frames", "transitions", "presets", "scenes", "health"])
		if (message[key])
			state[key] = message[key];
	if (message.tasks) {
		state.tasks = new Map();
		merge(state.tasks, message.tasks);
	}
	if (message.logs) {
		// a daemon that was started anew counts from the beginning
		if (state.logs.length && message.logs.length &&
		    message.logs[message.logs.length - 1].seq < state.logs[state.logs.length - 1].seq)
			state.logs = [];
		keepLogs(message.logs);
	}
	for (const topic of ["zones", "panel", "library", "tasks", "health", "log"])
		tell(topic);
}

const takers = {
	zones(message) {
		for (const zone of message.zones)
			state.zones.set(zone.id, {...zone, index: state.zones.get(zone.id)?.index});
	},
	panel(message) {
		state.panel = message.panel;
		state.frames = message.frames;
		state.transitions = message.transitions;
	},
	library(message) {
		state.presets = message.presets;
		state.scenes = message.scenes;
	},
	tasks(message) {
		merge(state.tasks, message.tasks);
		for (const [id, task] of state.tasks)
			if (state.tasks.size > TASKS_MAX && task.status !== "running")
				state.tasks.delete(id);
	},
	health(message) {
		state.health = message.health;
	},
	log(message) {
		keepLogs(message.logs);
	},
};

function onText(message) {
	if (message.type === "snapshot") {
		takeSnapshot(message);
	} else if (message.type === "answer") {
		waiting.get(message.id)?.(message);
		waiting.delete(message.id);
	} else if (takers[message.type]) {
		if (seq[message.type] !== undefined && message.seq !== seq[message.type] + 1)
			say({type: "snapshot"});
		seq[message.type] = message.seq;
		takers[message.type](message);
		tell(message.type, message);
	}
}

// The header of a picture is described in the API's documentation of the live channel.
function onPicture(buffer) {
	const view = new DataView(buffer);
	if (buffer.byteLength < 12 || view.getUint8(0) !== 1 || view.getUint8(1) !== 1)
		return;
	const index = view.getUint16(2, true);
	const pixels = view.getUint32(8, true);
	if (buffer.byteLength < 12 + pixels * 3)
		return;
	const bytes = new Uint8Array(buffer, 12, pixels * 3);
	for (const watcher of watchers.get(index) || [])
		watcher(bytes);
}

function say(message) {
	if (socket?.readyState === WebSocket.OPEN)
		socket.send(JSON.stringify(message));
}

function askForPictures() {
	const zones = [...state.zones.values()].filter(zone => watchers.get(zone.index)?.size).map(zone => zone.id);
	const fps = document.hidden ? 0 : PICTURES_FPS;
	const now = JSON.stringify([zones, fps]);
	if (now === wanted || !state.connected)
		return;
	wanted = now;
	say({type: "preview", id: ++lastId, fps: zones.length ? fps : 0, zones, outputs: []});
}

/** watch() - call @watcher with each new picture of a zone; gives a function that ends it */
export function watch(zone, watcher) {
	const index = zone.index;
	if (!watchers.has(index))
		watchers.set(index, new Set());
	watchers.get(index).add(watcher);
	wanted = null;
	queueMicrotask(askForPictures);
	return () => {
		watchers.get(index)?.delete(watcher);
		queueMicrotask(askForPictures);
	};
}

function lose() {
	socket = null;
	wanted = null;
	if (state.connected || !attempts) {
		state.connected = false;
		tell("connection");
	}
	clearTimeout(timer);
	timer = setTimeout(connect, RETRY_MS[Math.min(attempts++, RETRY_MS.length - 1)]);
}

function connect() {
	clearTimeout(timer);
	if (socket)
		return;
	const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`;
	const mine = socket = new WebSocket(address, token ? ["diuna.v1", `bearer.${token}`] : ["diuna.v1"]);
	mine.binaryType = "arraybuffer";
	mine.onmessage = event => {
		if (mine !== socket)
			return;
		if (typeof event.data !== "string") {
			onPicture(event.data);
			return;
		}
		const message = JSON.parse(event.data);
		onText(message);
		if (message.type === "snapshot" && !state.connected) {
			state.connected = true;
			attempts = 0;
			tell("connection");
			askForPictures();
		}
	};
	mine.onclose = () => mine === socket && lose();
}

/** start() - load what never changes and connect; again and again if need be */
export async function start() {
	document.addEventListener("visibilitychange", askForPictures);
	addEventListener("online", () => {
		attempts = 0;
		connect();
	});
	connect();
	for (let pause = 500; !state.animations.length; pause = Math.min(pause * 2, 4000)) {
		try {
			const [animations, palettes] = await Promise.all([ask("GET", "/animations"), ask("GET", "/palettes")]);
			state.animations = animations.animations;
			state.palettes = palettes.palettes;
			tell("tables");
		} catch {
			await new Promise(done => setTimeout(done, pause));
		}
	}
}

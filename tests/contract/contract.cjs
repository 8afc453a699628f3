// SPDX-License-Identifier: GPL-2.0-or-later
// contract.cjs DIUNAD - openapi.json and the live channel by independent programs; TAP.
//
// The document is read by Redocly's linter, requests and answers are checked against it by
// openapi-backend with ajv, the live channel is spoken by ws.
"use strict";

const fs = require("node:fs");
const {Station} = require("../page/station.cjs");

const [diunad] = process.argv.slice(2);
const tests = [];
const test = (name, run) => tests.push([name, run]);
// The zones of the document's examples.
const CONFIG = {zones: [
	{id: "A", output: "main", first: 0, count: 16, start: {color: {mode: "RGB", rgb: [0, 0, 255]}}},
	{id: "M", output: "main", channel: 1, first: 0, count: 32, matrix: {width: 8, height: 4}},
	{id: "BOTH", members: ["A", "M"]},
]};

/** begin() - a daemon of its own for a test that ends it */
async function begin(tokens = "") {
	const station = new Station(diunad, tokens, CONFIG);
	await station.start();
	return station;
}

require("./document.cjs")(test, begin);
require("./live.cjs")(test, begin);

async function main() {
	const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
	const chosen = tests.filter(([name]) => only.test(name));
	let failed = 0;

	console.log(`1..${chosen.length}`);
	for (const [i, [name, run]] of chosen.entries()) {
		try {
			await run();
			console.log(`ok ${i + 1} - ${name}`);
		} catch (error) {
			failed++;
			console.log(`not ok ${i + 1} - ${name}`);
			console.log(`# ${error.stack}`.replace(/\n/g, "\n# "));
		}
	}
	for (const one of Station.all) {
		one.process?.kill("SIGKILL");	// of a test that failed half way
		fs.rmSync(one.folder, {recursive: true, force: true});
	}
	process.exit(failed ? 1 : 0);
}

main().catch(error => {
	console.log(`Bail out! ${error.stack}`);
	process.exit(1);
});

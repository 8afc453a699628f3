// SPDX-License-Identifier: GPL-2.0-or-later
// What the document at /api/v1/openapi.json says, and what the daemon does.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const Ajv = require("ajv/dist/2020").default;
const {createConfig, lint} = require("@redocly/openapi-core");
const {dereferenceSync} = require("dereference-json-schema");
const {OpenAPIValidator} = require("openapi-backend");

const FILE = path.join(__dirname, "../../daemon/api/openapi.json");
const PROBLEM = "application/problem+json";
// as many as methods in RFC 9110 and RFC 5789 that a path may have
const METHODS = ["get", "put", "post", "delete", "patch"];

/* Schemas of 3.1 are JSON Schema 2020-12, which neither has by itself. */
const makeAjv = () => new Ajv({strict: true, strictTypes: false, strictRequired: false, allErrors: true, validateFormats: false});

const plain = fs.readFileSync(FILE, "utf8");
const whole = dereferenceSync(JSON.parse(plain));
const validator = new OpenAPIValidator({definition: whole, customizeAjv: makeAjv});
const isProblem = makeAjv().compile(whole.components.schemas.Problem);

/* All operations; what removes something comes late, and the end at the end. */
function operations() {
	const rank = one => one.path.endsWith("/shutdown") ? 2 : one.method === "delete" ? 1 : 0;
	const found = [];
	for (const [where, methods] of Object.entries(whole.paths))
		for (const [method, operation] of Object.entries(methods))
			found.push({path: where, method, ...operation});
	return found.sort((a, b) => rank(a) - rank(b));
}

/* The request that the examples make. */
function example(operation) {
	let where = operation.path;
	const query = [];
	for (const parameter of operation.parameters ?? []) {
		if (parameter.in === "path")
			where = where.replace(`{${parameter.name}}`, parameter.example);
		else
			query.push(`${parameter.name}=${parameter.example}`);
	}
	const [[type, medium] = []] = Object.entries(operation.requestBody?.content ?? {});
	return {where, query: query.join("&"), type,
		// a frame of the daemon's strips: 26 and 32 pixels of three bytes
		body: medium && (medium.example ?? Buffer.alloc((26 + 32) * 3))};
}

function send(station, operation, {where, query, type, body}) {
	return station.ask(operation.method.toUpperCase(), where + (query ? `?${query}` : ""), body,
		type ? {"Content-Type": type} : {});
}

/* Only the head of an answer without an end. */
function head(station, where) {
	return new Promise((done, failed) => require("node:http").get(station.url + where, response => {
		response.destroy();
		done({status: response.statusCode, headers: response.headers, body: Buffer.alloc(0)});
	}).on("error", failed));
}

function checkProblem(answer, what) {
	const problem = JSON.parse(answer.body);
	assert.equal(answer.headers["content-type"], PROBLEM, what);
	assert.ok(isProblem(problem), `${what}: ${JSON.stringify(isProblem.errors)}`);
	assert.equal(problem.status, answer.status, what);
}

module.exports = (test, begin) => {
	test("Redocly's linter finds nothing in the document", async () => {
		const config = await createConfig({extends: ["recommended"]});
		const found = await lint({ref: FILE, config});
		// a WebSocket's good answer is 101
		const told = found.filter(one => one.ruleId !== "operation-2xx-response" ||
			!one.location[0].pointer.startsWith("#/paths/~1api~1v1~1live/"));
		assert.deepEqual(told.map(one => `${one.ruleId} ${one.location[0].pointer}: ${one.message}`), []);
		assert.equal(found.length, told.length + 1, "the linter looks at answers");
	});

	test("each operation has a tag that is described", () => {
		const tags = new Set(whole.tags.map(tag => tag.name));
		for (const operation of operations())
			assert.ok(operation.tags.length && operation.tags.every(tag => tags.has(tag)), operation.operationId);
	});

	test("the linter does find what is wrong", async () => {
		const config = await createConfig({extends: ["recommended"]});
		const broken = FILE.replace(/openapi\.json$/, "broken.json");
		const {lintFromString} = require("@redocly/openapi-core");
		const found = await lintFromString({source: plain.replaceAll("#/components/schemas/Rgb", "#/components/schemas/Gone"),
			absoluteRef: broken, config});
		assert.ok(found.some(one => one.ruleId === "no-unresolved-refs"));
	});

	test("the daemon gives the same document, and each schema in it is one of JSON Schema 2020-12", async () => {
		const station = await begin();
		assert.equal((await station.ask("GET", "/api/v1/openapi.json")).body.toString(), plain);
		for (const [name, schema] of Object.entries(whole.components.schemas))
			assert.ok(makeAjv().compile(schema), name);
		assert.equal(await station.stop(), 0);
	});

	test("each example is a request of the document, is taken, and its answer is as described", async () => {
		const station = await begin();
		const wrong = [];
		for (const operation of operations()) {
			const what = `${operation.method} ${operation.path}`;
			const request = example(operation);
			if (request.type === "application/json") {
				const {errors} = validator.validateRequest({method: operation.method, path: request.where,
					query: request.query, headers: {"content-type": request.type}, body: request.body}, operation.operationId);
				if (errors?.length)
					wrong.push(`${what}: its example: ${JSON.stringify(errors)}`);
			}
			const stream = "text/event-stream" in (operation.responses[200]?.content ?? {});
			const answer = stream ? await head(station, request.where) : await send(station, operation, request);
			const described = operation.responses[answer.status];
			if (!described) {
				// only where it depends on what was done before
				if (!operation["x-needs-state"] || answer.status >= 500)
					wrong.push(`${what}: ${answer.status} ${answer.body}`);
				else
					checkProblem(answer, what);
				continue;
			}
			const types = Object.keys(described.content ?? {});
			if (types.join() !== (answer.headers["content-type"] ?? "").split(";")[0])
				wrong.push(`${what}: ${answer.headers["content-type"]} for ${types}`);
			if (types[0] !== "application/json")
				continue;
			const {errors} = validator.validateResponse(JSON.parse(answer.body), operation.operationId, answer.status);
			if (errors?.length)
				wrong.push(`${what}: ${JSON.stringify(errors)}`);
		}
		assert.deepEqual(wrong, []);
		// the last one was the shutdown
		assert.equal(await station.ended, 0);
	});

	test("each JSON body that the document refuses is refused by the daemon, and changes nothing", async () => {
		const station = await begin();
		const before = await station.get("/zones");
		let sent = 0;
		for (const operation of operations()) {
			const request = example(operation);
			if (request.type !== "application/json")
				continue;
			// each member of another type, gone, and one that is not there
			const bodies = [7, null, [], "x", {...request.body, "no such member": 1}];
			for (const name of Object.keys(request.body)) {
				bodies.push({...request.body, [name]: {"no": "such"}}, {...request.body, [name]: null});
				bodies.push(Object.fromEntries(Object.entries(request.body).filter(([key]) => key !== name)));
			}
			for (const body of bodies) {
				const {errors} = validator.validateRequest({method: operation.method, path: request.where,
					headers: {"content-type": request.type}, body}, operation.operationId);
				if (!errors?.length)
					continue;
				const answer = await send(station, operation, {...request, body: JSON.stringify(body) === undefined ? "" :
					Buffer.from(JSON.stringify(body))});
				const what = `${operation.method} ${operation.path} ${JSON.stringify(body)}: ${answer.status}`;
				assert.ok(answer.status === 422 || answer.status === 403 || answer.status === 404, what);
				checkProblem(answer, what);
				sent++;
			}
		}
		assert.ok(sent > 100, `${sent}`);
		assert.deepEqual(await station.get("/zones"), before);
		assert.equal(await station.stop(), 0);
	});

	test("each path answers HEAD as GET without a body, OPTIONS with its methods, others with 405", async () => {
		const station = await begin();
		for (const [where, methods] of Object.entries(whole.paths)) {
			const [first] = Object.entries(methods).map(([method, operation]) => ({path: where, method, ...operation}));
			const target = example({...first, path: where}).where;
			const allowed = Object.keys(methods).map(one => one.toUpperCase());
			if (methods.get)
				allowed.push("HEAD");
			const options = await station.ask("OPTIONS", target);
			assert.equal(options.status, 204, where);
			// "/tasks/tree" may be the id of a task, too
			const told = new Set(options.headers.allow.split(", "));
			for (const method of [...allowed, "OPTIONS"])
				assert.ok(told.has(method), `${where}: ${method} of ${options.headers.allow}`);
			for (const method of METHODS.map(one => one.toUpperCase()).filter(one => !told.has(one))) {
				const answer = await station.ask(method, target);
				assert.equal(answer.status, 405, `${method} ${target}`);
				assert.equal(answer.headers.allow, options.headers.allow);
				checkProblem(answer, `${method} ${target}`);
			}
			const stream = "text/event-stream" in (methods.get?.responses[200]?.content ?? {});
			if (!methods.get || stream || methods.get.responses[101])
				continue;
			const get = await station.ask("GET", target);
			const head = await station.ask("HEAD", target);
			assert.equal(head.status, get.status, where);
			assert.equal(head.body.length, 0);
			assert.equal(head.headers["content-type"], get.headers["content-type"]);
		}
		assert.equal(await station.stop(), 0);
	});
};

// SPDX-License-Identifier: GPL-2.0-or-later
// Elements and the small controls that several views have.

/**
 * h() - an element: h("p", {class: "small", onclick: f}, "text", child…)
 *
 * A property that is false, null or undefined is left out; "style" is an object, which the
 * content security policy allows, unlike an attribute.
 */
export function h(name, properties = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(properties)) {
		if (value === false || value === null || value === undefined)
			continue;
		if (key.startsWith("on"))
			element.addEventListener(key.slice(2), value);
		else if (key === "style")
			for (const [k, v] of Object.entries(value))
				element.style.setProperty(k, v);
		else if (key === "value" || key === "checked")
			element[key] = value;
		else
			element.setAttribute(key, value === true ? "" : value);
	}
	element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
	return element;
}

/** fill() - replace what is in an element; a child that is null is left out */
export function fill(element, ...children) {
	element.replaceChildren(...children.flat().filter(child => child));
	return element;
}

/** text() - set a text, only if it is another one: screen readers tell changes */
export function text(element, value) {
	value = String(value);
	if (element.textContent !== value)
		element.textContent = value;
}

export function attribute(element, name, value) {
	if (value === null)
		element.removeAttribute(name);
	else if (element.getAttribute(name) !== String(value))
		element.setAttribute(name, value);
}

const HELD_MS = 700;

/**
 * held() - what keeps a control under a hand from being pulled back by an answer to an earlier position
 *
 * hold() is called while the hand moves; follow(value) calls @set, at once or when the hand has been
 * still for a while, then with the newest value.
 */
export function held(set) {
	let since = -HELD_MS, timer = 0;
	return {
		hold: () => since = performance.now(),
		follow(value) {
			clearTimeout(timer);
			const left = since + HELD_MS - performance.now();
			if (left > 0)
				timer = setTimeout(() => this.follow(value), left);
			else
				set(value);
		},
	};
}

let lastId = 0;
export const newId = () => "e" + ++lastId;

/**
 * slider() - a labelled range whose value follows the daemon unless a hand is on it
 *
 * @change is called while it moves. The element has a function set(value).
 */
export function slider({label, min, max, step = 1, value = min, unit = "", track = "", change, show}) {
	const id = newId();
	const words = show || (number => `${number}${unit && unit !== "%" && unit !== "°" ? " " : ""}${unit}`);
	const output = h("output", {for: id});
	const input = h("input", {type: "range", id, min, max, step, class: track ? `painted ${track}` : null});
	const paint = () => {
		output.textContent = words(Number(input.value));
		attribute(input, "aria-valuetext", words(Number(input.value)));
		if (!track)
			input.style.setProperty("--part", (input.value - input.min) / ((input.max - input.min) || 1) * 100 + "%");
	};
	input.addEventListener("input", () => {
		hand.hold();
		paint();
		change(Number(input.value));
	});
	const element = h("div", {class: "field"},
		h("div", {class: "head"}, h("label", {for: id}, label), output), input);
	const hand = held(number => {
		if (Number(input.value) === number)
			return;
		// what was set elsewhere may be more than this slider is made for
		if (number > Number(input.max))
			input.max = number;
		input.value = number;
		paint();
	});
	element.set = number => hand.follow(number);
	element.input = input;
	element.limit = most => {
		input.max = most;
		paint();
	};
	input.value = value;
	paint();
	return element;
}

/** toggle() - a switch; its state follows the daemon: set(on) */
export function toggle(label, on, change) {
	const button = h("button", {type: "button", class: "switch", role: "switch", "aria-label": label,
		"aria-checked": String(on)});
	button.addEventListener("click", () => change(button.getAttribute("aria-checked") !== "true"));
	button.set = state => attribute(button, "aria-checked", String(state));
	return button;
}

/** tabs() - one of a few views of the same thing: [[id, label]…] */
export function tabs(label, list, chosen, choose) {
	const buttons = list.map(([id, name]) => h("button", {type: "button", role: "tab", id: `tab-${id}`,
		"aria-controls": `panel-${id}`}, name));
	const element = h("div", {class: "tabs", role: "tablist", "aria-label": label}, buttons);
	element.set = id => buttons.forEach((button, i) => {
		attribute(button, "aria-selected", String(list[i][0] === id));
		button.tabIndex = list[i][0] === id ? 0 : -1;
	});
	buttons.forEach((button, i) => button.addEventListener("click", () => choose(list[i][0])));
	element.addEventListener("keydown", event => {
		const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
		if (!step)
			return;
		const next = (buttons.indexOf(document.activeElement) + step + list.length) % list.length;
		buttons[next].focus();
		choose(list[next][0]);
		event.preventDefault();
	});
	element.set(chosen);
	return element;
}

/** notice() - tell something that nobody asked for; errors stay longer */
export function notice(message, fine = false) {
	const element = h("div", {class: fine ? "notice fine" : "notice"}, h("p", {}, message),
		h("button", {type: "button", "aria-label": "Dismiss", onclick: () => element.remove()}, "×"));
	const list = document.getElementById("notices");
	while (list.children.length > 2)
		list.firstChild.remove();
	list.append(element);
	setTimeout(() => element.remove(), fine ? 3500 : 9000);
}

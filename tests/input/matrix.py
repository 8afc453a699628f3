# SPDX-License-Identifier: GPL-2.0-or-later
"""Every button, knob and key of the original panel in every mode of the station:
what the whole state of zones and panel is afterwards. What is expected is written
here from the original's rules (README.md, "The panel"):

- BTN1 toggles edit mode, BTN2 lamp white, BTN3 the power, BTN4 static or animated
  of the selected zone; the selector's switch has no meaning
- the selector picks the next or the previous zone, round and round
- the modulator changes brightness by 5, or the animation's first parameter by its
  step; its switch chooses what: brightness, hue, preset, or the next parameter
- Z static, X animated, F frame by frame; there A and D go back and on, space
  plays, Q leaves; elsewhere these four mean nothing
"""

import copy
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig import MODULATOR, SELECTOR, InputTest, config  # noqa: E402

ANIMATION = "SNAKE"
FRAMES = 120        # two seconds of 60 frames are captured


class State:
    """The whole state as the API tells it, to be changed as it is expected to change."""

    def __init__(self, daemon):
        self.zones = {z["id"]: z for z in daemon.get("/zones")["zones"]}
        self.panel = daemon.get("/panel")

    @property
    def selected(self):
        return self.zones[self.panel["zone"]]

    def animated(self):
        return self.selected["render_mode"] == "ANIMATION"

    def stepping(self):
        return self.panel["frame_by_frame"]["active"]


class Matrix(InputTest):
    """Each test is a mode, in which everything is pressed, turned and typed."""

    maxDiff = None

    def setUp(self):
        super().setUp()
        whole = config()
        # nobody waits for a double press: a click follows the release at once
        for entry in whole["inputs"]:
            if entry["type"] in ("button", "encoder"):
                entry["double_ms"] = 0
        self.diunad = self.daemon(whole)
        self.base = State(self.diunad)
        self.schema = self.diunad.get(f"/animations/{ANIMATION}")["parameters"]
        self.lit = None

    # ---- modes ----

    def post(self, path):
        self.diunad.change("POST", path)

    def animate(self):
        self.diunad.change("PUT", "/zones/FLOOR/animation", {"animation_id": ANIMATION})

    def step(self):
        self.animate()
        self.post("/frame-by-frame/enter")
        # there is one before it and one after it
        self.post("/frame-by-frame/next")

    def reset(self):
        """FLOOR selected, static, with brightness to be changed, and all else as at the start."""
        panel = self.diunad.panel()
        if panel["frame_by_frame"]["active"]:
            self.post("/frame-by-frame/leave")
        if panel["power_off"]:
            self.post("/panel/power-toggle")
        if panel["lamp_white"]:
            self.post("/panel/lamp-white")
        if panel["edit_mode"]:
            self.post("/panel/edit-mode")
        # once round: a zone that is selected begins with its animation's first parameter
        for _ in self.base.zones:
            self.post("/panel/select-next")
        while self.diunad.panel()["zone"] != "FLOOR":
            self.post("/panel/select-next")
        # also the parameters that were changed
        self.diunad.change("PUT", "/zones/FLOOR/animation", {"animation_id": "BREATHE"})
        self.diunad.change("PUT", "/zones/FLOOR/render-mode", {"render_mode": "STATIC"})
        for name, zone in self.base.zones.items():
            self.diunad.change("PUT", f"/zones/{name}/is-on", {"is_on": zone["is_on"]})
            self.diunad.change("PUT", f"/zones/{name}/brightness", {"brightness": zone["brightness"]})
        while self.diunad.panel()["target"] != "BRIGHTNESS":
            self.post("/panel/target-next")

    # ---- what is expected of each ----

    def button1(self, station):
        station.panel["edit_mode"] = not station.panel["edit_mode"]

    def button2(self, station):
        if station.panel["lamp_white"]:
            station.zones["LAMP"] = copy.deepcopy(self.base.zones["LAMP"])
        else:
            station.zones["LAMP"].update(is_on=True, brightness=100, render_mode="STATIC",
                                         color={"mode": "PRESET", "preset_name": "warm_white",
                                                "rgb": [255, 200, 150]})
        station.panel["lamp_white"] = not station.panel["lamp_white"]

    def button3(self, station):
        was_off = station.panel["power_off"]
        for name, zone in station.zones.items():
            zone["is_on"] = self.lit.zones[name]["is_on"] if was_off else False
        station.panel["power_off"] = not was_off

    def set_mode(self, station, mode):
        """Static or animated, and what the modulator changes then."""
        station.selected["render_mode"] = mode
        animation = self.diunad.get("/animations/" + station.selected["animation"]["id"])
        station.panel["target"] = {"STATIC": "BRIGHTNESS",
                                   "ANIMATION": animation["parameters"][0]["name"]}[mode]

    def button4(self, station):
        self.set_mode(station, "STATIC" if station.animated() else "ANIMATION")

    def select(self, station, steps):
        order = list(self.base.zones)
        at = (order.index(station.panel["zone"]) + steps) % len(order)
        station.panel["zone"] = order[at]
        # the others are static
        station.panel["target"] = "BRIGHTNESS"

    def adjust(self, station, steps):
        if not station.animated():
            station.selected["brightness"] += 5 * steps
            return
        first = self.schema[0]
        values = station.selected["animation"]["parameters"]
        value = values[first["name"]] + steps * first["step"]
        values[first["name"]] = min(max(value, first["min"]), first["max"])

    def next_target(self, station):
        station.panel["target"] = self.schema[1]["name"] if station.animated() else "HUE"

    def nothing(self, station):
        pass

    def frames(self, station, **changes):
        if station.stepping():
            station.panel["frame_by_frame"].update(changes)

    def enter(self, station):
        if not station.stepping():
            station.panel["frame_by_frame"].update(active=True, frame=0, frames=FRAMES,
                                                    playing=False)

    # ---- the matrix ----

    def inputs(self):
        """Name: the input whose events are counted, how many, what is done, what is expected."""
        for number in (1, 2, 3, 4):
            yield (f"BTN{number}", f"button{number}", 3, lambda n=number: self.button(n),
                   getattr(self, f"button{number}"))
        for name, knob, lines, expect in (
                ("selector", self.selector, SELECTOR, self.select),
                ("modulator", self.modulator, MODULATOR, self.adjust)):
            for steps in (1, -1):
                yield (f"{name} {steps:+}", name, 1, lambda k=knob, s=steps: k.turn(s),
                       lambda station, e=expect, s=steps: e(station, s))
            yield (f"{name} pushed", name, 3, lambda ls=lines: self.press(ls[2]),
                   self.nothing if name == "selector" else self.next_target)
        for key, expect in (
                ("Z", lambda s: self.set_mode(s, "STATIC")),
                ("X", lambda s: self.set_mode(s, "ANIMATION")),
                ("F", self.enter),
                ("A", lambda s: self.frames(s, frame=0)),
                ("D", lambda s: self.frames(s, frame=2)),
                ("Q", lambda s: self.frames(s, active=False, playing=False, frame=0, frames=0))):
            yield (f"key {key}", "keyboard", 2, lambda k=key: self.keyboard.hit(k), expect)
        yield ("key SPACE", "keyboard", 2, lambda: self.keyboard.hit("SPACE"), self.plays)

    def plays(self, station):
        self.frames(station, playing=True)

    def told(self, name):
        return self.diunad.input(name)["events"]

    def every_input(self, mode=lambda: None):
        pressed = 0
        for name, source, events, act, expect in self.inputs():
            self.reset()
            self.lit = State(self.diunad)
            mode()
            want = State(self.diunad)
            expect(want)
            before = self.told(source)
            act()
            self.diunad.until(f"{name} told", lambda: self.told(source) >= before + events)
            # what comes after it is done when it has been
            self.diunad.change("PUT", "/zones/PIXEL/brightness",
                              {"brightness": want.zones["PIXEL"]["brightness"]})
            now = State(self.diunad)
            self.assertEqual(now.panel, want.panel, name)
            self.assertEqual(now.zones, want.zones, name)
            pressed += 1
        self.assertEqual(pressed, 17)

    def test_static(self):
        """a static zone: every button, knob and key does its own and nothing else"""
        self.every_input()

    def test_animation(self):
        """an animated zone: every button, knob and key does its own and nothing else"""
        self.every_input(self.animate)

    def test_off(self):
        """a zone that is off: every button, knob and key does its own and nothing else"""
        self.every_input(lambda: self.diunad.change("PUT", "/zones/FLOOR/is-on", {"is_on": False}))

    def test_power_off(self):
        """the power off: every button, knob and key does its own and nothing else"""
        self.every_input(lambda: self.post("/panel/power-toggle"))

    def test_edit(self):
        """edit mode: every button, knob and key does its own and nothing else"""
        self.every_input(lambda: self.post("/panel/edit-mode"))

    def test_edit_animation(self):
        """edit mode of an animated zone: every button, knob and key does its own and nothing else"""
        def mode():
            self.animate()
            self.post("/panel/edit-mode")
        self.every_input(mode)

    def test_lamp_white(self):
        """the lamp white: every button, knob and key does its own and nothing else"""
        self.every_input(lambda: self.post("/panel/lamp-white"))

    def test_frame_by_frame(self):
        """frame by frame: every button, knob and key does its own and nothing else"""
        self.every_input(self.step)

# SPDX-License-Identifier: GPL-2.0-or-later
"""The original station's panel, by real edges and keys, asked for by the API
and seen on the symbols that left the module. The rules are those of the
original: see "The panel" in README.md.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import terminal  # noqa: E402
from rig import (BUTTONS, BUZZER, KEYS, MODULATOR, SELECTOR, Chip, Daemon, InputTest,  # noqa: E402
                 Keyboard, config, part, symbols)


# The smallest piece of memory that malloc() gives, of glibc on 64 bits
PIECE_BYTES = 32


class Knobs(InputTest):
    def test_selector(self):
        """the selector picks the next and the previous zone, and goes on at the other end"""
        daemon = self.daemon()
        self.assertEqual(daemon.panel()["zone"], "FLOOR")
        for detents, zone in [(1, "CIRCLE"), (2, "PIXEL"), (1, "FLOOR"), (-1, "PIXEL"),
                              (-3, "FLOOR"), (8, "FLOOR"), (-6, "LAMP")]:
            self.selector.turn(detents)
            daemon.until(f"{zone} selected", lambda: daemon.panel()["zone"] == zone)

    def test_modulator(self):
        """the modulator changes brightness, hue and preset, which its click chooses in turn"""
        daemon = self.daemon()

        def shows(**expected):
            daemon.until(str(expected), lambda: {k: daemon.zone("FLOOR")["color"].get(k)
                                                 if k != "brightness" else
                                                 daemon.zone("FLOOR")["brightness"]
                                                 for k in expected} == expected)
        # brightness by 5, held at its ends
        self.modulator.turn(2)
        shows(brightness=70)
        self.modulator.turn(8)
        shows(brightness=100)
        self.modulator.turn(-23)
        shows(brightness=0)
        self.modulator.turn(1)
        shows(brightness=5)
        # hue by 10, round and round: 120 + 3 * 10, then 150 - 16 * 10 + 360
        self.press(MODULATOR[2])
        daemon.until("hue", lambda: daemon.panel()["target"] == "HUE")
        self.modulator.turn(3)
        shows(mode="HUE", hue=150)
        self.modulator.turn(-16)
        shows(mode="HUE", hue=350)
        # the original's list of presets, round and round; the first is red, the last cool_white
        self.press(MODULATOR[2])
        daemon.until("presets", lambda: daemon.panel()["target"] == "PRESET")
        self.modulator.turn(1)
        shows(mode="PRESET", preset_name="orange")
        self.modulator.turn(-2)
        shows(mode="PRESET", preset_name="cool_white")
        self.press(MODULATOR[2])
        daemon.until("brightness", lambda: daemon.panel()["target"] == "BRIGHTNESS")

    def test_parameters(self):
        """of an animated zone the modulator changes the parameters"""
        daemon = self.daemon()
        daemon.change("PUT", "/zones/FLOOR/animation", {"animation_id": "SNAKE"})
        first = daemon.panel()["target"]
        schema = {p["name"]: p for p in daemon.get("/animations/SNAKE")["parameters"]}
        before = daemon.zone("FLOOR")["animation"]["parameters"]
        self.modulator.turn(1)
        wanted = min(before[first] + schema[first]["step"], schema[first]["max"])
        daemon.until(f"{first} {wanted}", lambda: daemon.zone("FLOOR")["animation"]["parameters"]
                     [first] == wanted)
        self.press(MODULATOR[2])
        second = daemon.until("another parameter", lambda: daemon.panel()["target"] != first and
                              daemon.panel()["target"])
        self.modulator.turn(-1)
        wanted = before[second] - schema[second]["step"]
        if wanted < schema[second]["min"]:
            wanted = schema[second]["min"]
        daemon.until(f"{second} {wanted}", lambda: daemon.zone("FLOOR")["animation"]["parameters"]
                     [second] == wanted)


class Buttons(InputTest):
    def test_steady(self):
        """a level that has to be steady: a spike is no press, and a press is one"""
        whole = config()
        button = next(i for i in whole["inputs"] if i["name"] == "button1")
        button.update(debounce="steady", debounce_us=20000)
        daemon = self.daemon(whole)
        for _ in range(10):
            self.press(BUTTONS[1], hold_s=0.005)
        self.press(BUTTONS[1])
        daemon.until("released", lambda: "release" in self.gestures(daemon, "button1"))
        gestures = self.gestures(daemon, "button1")
        self.assertEqual((gestures.count("press"), gestures.count("release")), (1, 1), gestures)

    def test_bounce(self):
        """contacts that bounce press once and release once"""
        daemon = self.daemon()
        for _ in range(5):
            for closed in (True, False) * 4 + (True,):
                self.chip.set(BUTTONS[1], closed)
            time.sleep(0.05)
            for closed in (False, True) * 4 + (False,):
                self.chip.set(BUTTONS[1], closed)
            time.sleep(0.05)
        daemon.until("five releases",
                     lambda: self.gestures(daemon, "button1").count("release") >= 5)
        gestures = self.gestures(daemon, "button1")
        self.assertEqual(gestures.count("press"), 5, gestures)
        self.assertEqual(gestures.count("release"), 5, gestures)
        self.assertTrue(daemon.panel()["edit_mode"])

    def test_gestures(self):
        """a button tells press, release, click, double and long, and any of them can be bound"""
        daemon = self.daemon()
        daemon.change("PUT", "/bindings", {"bindings": [
            {"input": "button1", "gesture": "long", "action": "SET_HUE", "zone": "CIRCLE", "hue": 10},
            {"input": "button1", "gesture": "double", "action": "SET_HUE", "zone": "CIRCLE",
             "hue": 20},
            {"input": "button1", "gesture": "click", "action": "SET_HUE", "zone": "CIRCLE",
             "hue": 30}]})
        self.press(BUTTONS[1])
        daemon.until("click", lambda: daemon.zone("CIRCLE")["color"].get("hue") == 30)
        self.press(BUTTONS[1])
        self.press(BUTTONS[1])
        daemon.until("double", lambda: daemon.zone("CIRCLE")["color"].get("hue") == 20)
        self.press(BUTTONS[1], hold_s=0.7)
        daemon.until("long", lambda: daemon.zone("CIRCLE")["color"].get("hue") == 10)

    def gestures(self, daemon, name):
        return [e["gesture"] for e in daemon.get("/events?limit=500")["events"]
                if e["type"] == "button_press" and e["input"] == name] or [None]


class Keys(InputTest):
    def test_original(self):
        """Z, X, F, A, D, space and Q as in the original"""
        daemon = self.daemon()
        self.keyboard.hit("X")
        daemon.until("animated", lambda: daemon.zone("FLOOR")["render_mode"] == "ANIMATION")
        self.keyboard.hit("X")
        self.keyboard.hit("Z")
        daemon.until("static", lambda: daemon.zone("FLOOR")["render_mode"] == "STATIC")
        self.assertFalse(daemon.panel()["frame_by_frame"]["active"])
        self.keyboard.hit("X")
        self.keyboard.hit("F")

        def stepper():
            return daemon.panel()["frame_by_frame"]
        daemon.until("frame by frame", lambda: stepper()["active"] and stepper()["frames"] > 3)
        self.keyboard.hit("D")
        self.keyboard.hit("D")
        daemon.until("the third frame", lambda: stepper()["frame"] == 2)
        self.keyboard.hit("A")
        daemon.until("the second frame", lambda: stepper()["frame"] == 1)
        self.keyboard.hit("SPACE")
        daemon.until("playing", lambda: stepper()["playing"])
        self.keyboard.hit("SPACE")
        daemon.until("stopped", lambda: not stepper()["playing"])
        self.keyboard.hit("Q")
        daemon.until("left", lambda: not stepper()["active"])

    def test_one_thing_of_one_zone(self):
        """a knob and keys are bound to one thing of one zone: brightness, colour, a parameter by name"""
        daemon = self.daemon()
        daemon.change("PUT", "/zones/CIRCLE/animation", {"animation_id": "SNAKE"})
        daemon.change("PUT", "/bindings", {"bindings": [
            {"input": "selector", "gesture": "rotate", "action": "ADJUST_BRIGHTNESS", "zone": "FLOOR"},
            {"input": "modulator", "gesture": "rotate", "action": "ADJUST_PARAMETER",
             "zone": "CIRCLE", "parameter": "speed"},
            {"key": "A", "action": "SET_RGB", "zone": "FLOOR", "rgb": [1, 2, 3]},
            {"key": "D", "action": "SET_KELVIN", "zone": "FLOOR", "kelvin": 2700},
            {"key": "F", "action": "SET_PARAMETER", "zone": "CIRCLE", "parameter": "speed",
             "value": 90},
            {"key": "Q", "action": "ADJUST_HUE", "zone": "FLOOR", "steps": -2},
            {"key": "X", "action": "ADJUST_PRESET", "zone": "FLOOR", "steps": 2},
            {"key": "Z", "action": "SET_PARAMETER", "zone": "CIRCLE", "parameter": "red",
             "value": 1},
            {"key": "SPACE", "action": "SAVE_SCENE", "scene": "now"}]})

        def parameters():
            return daemon.zone("CIRCLE")["animation"]["parameters"]
        schema = next(p for p in daemon.get("/animations/SNAKE")["parameters"]
                      if p["name"] == "speed")
        before = parameters()
        self.selector.turn(-2)
        daemon.until("50", lambda: daemon.zone("FLOOR")["brightness"] == 50)
        self.modulator.turn(2)
        daemon.until("quicker", lambda: parameters() ==
                     {**before, "speed": before["speed"] + 2 * schema["step"]})
        self.keyboard.hit("F")
        daemon.until("90", lambda: parameters() == {**before, "speed": 90})
        for key, color in [("A", {"mode": "RGB", "rgb": [1, 2, 3]}),
                           ("D", {"mode": "KELVIN", "kelvin": 2700}),
                           # from no hue at all, two steps of 10 back
                           ("Q", {"mode": "HUE", "hue": 340}),
                           # from the first, which is red, two on
                           ("X", {"mode": "PRESET", "preset_name": "amber"})]:
            self.keyboard.hit(key)
            daemon.until(key, lambda: color.items() <= daemon.zone("FLOOR")["color"].items())
        # a parameter that SNAKE has not means nothing to it, and is no error
        self.keyboard.hit("Z")
        self.keyboard.hit("SPACE")
        daemon.until("saved", lambda: "now" in str(daemon.get("/scenes")))
        self.assertEqual(parameters(), {**before, "speed": 90})
        self.assertNotIn("cannot be done", daemon.log())

    def test_modifiers(self):
        """a key with a modifier is another one"""
        daemon = self.daemon()
        daemon.change("PUT", "/bindings", {"bindings": [
            {"key": "CTRL+SHIFT+K", "action": "SET_HUE", "zone": "CIRCLE", "hue": 77},
            {"key": "K", "action": "SET_HUE", "zone": "PIXEL", "hue": 88}]})
        self.keyboard.hit("K", "LEFTCTRL", "LEFTSHIFT")
        daemon.until("CTRL+SHIFT+K", lambda: daemon.zone("CIRCLE")["color"].get("hue") == 77)
        self.assertEqual(daemon.zone("PIXEL")["color"]["mode"], "RGB")
        self.keyboard.hit("K", "LEFTCTRL")
        self.keyboard.hit("K")
        daemon.until("K", lambda: daemon.zone("PIXEL")["color"].get("hue") == 88)

    def told_keys(self, daemon):
        return [e["key"] for e in daemon.get("/events?type=key_press")["events"]
                if e["gesture"] == "press"]

    def test_private(self):
        """of keys that nothing is bound to it is told that they were pressed, not which"""
        daemon = self.daemon()
        self.keyboard.hit("P")
        self.keyboard.hit("Z", "LEFTSHIFT")
        self.keyboard.hit("Z")
        daemon.until("Z", lambda: "Z" in self.told_keys(daemon))
        self.assertEqual(set(self.told_keys(daemon)[:-1]), {None})
        # bound from now on, it is no secret
        daemon.change("PUT", "/bindings", {"bindings": [
            {"key": "P", "action": "SET_HUE", "zone": "PIXEL", "hue": 88}]})
        self.keyboard.hit("P")
        daemon.until("P", lambda: self.told_keys(daemon)[-1] == "P")

    def test_replug(self):
        """a keyboard that is unplugged shows in health, and works when it is plugged in again"""
        daemon = self.daemon()
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        for _ in range(3):
            self.keyboard.unplug()
            health = daemon.until("degraded", lambda: daemon.get("/system/health")["status"] ==
                                  "degraded" and daemon.get("/system/health"))
            self.assertIn("input keyboard is missing", health["reason"])
            self.keyboard = Keyboard()
            daemon.present("keyboard")
            self.keyboard.hit("X")
            daemon.until("animated", lambda: daemon.zone("FLOOR")["render_mode"] == "ANIMATION")
            self.keyboard.hit("Z")
            daemon.until("static", lambda: daemon.zone("FLOOR")["render_mode"] == "STATIC")
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        # told once each time that it went
        self.assertEqual(daemon.log().count("it was unplugged"), 3)

    def test_second_keyboard(self):
        """a second keyboard of the same name works beside the first one"""
        daemon = self.daemon()
        second = Keyboard(product=2)
        self.addCleanup(second.unplug)
        daemon.until("two", lambda: "1 more" in daemon.input("keyboard")["detail"])
        second.hit("X")
        daemon.until("animated", lambda: daemon.zone("FLOOR")["render_mode"] == "ANIMATION")
        self.keyboard.hit("Z")
        daemon.until("static", lambda: daemon.zone("FLOOR")["render_mode"] == "STATIC")
        second.unplug()
        daemon.until("one", lambda: "more" not in daemon.input("keyboard")["detail"])
        self.assertTrue(daemon.input("keyboard")["present"])

    def test_too_much_news(self):
        """a keyboard is found though the kernel had more to tell of /dev than it keeps"""
        queue = "/proc/sys/fs/inotify/max_queued_events"
        with open(queue, encoding="ascii") as before:
            self.addCleanup(Chip.put, queue, before.read())
        Chip.put(queue, "8")
        daemon = self.daemon()
        junk = [f"/dev/input/junk{n}" for n in range(16)]
        daemon.process.send_signal(signal.SIGSTOP)
        for path in junk:
            open(path, "wb").close()
        second = Keyboard(product=2)
        self.addCleanup(second.unplug)
        second.path()
        daemon.process.send_signal(signal.SIGCONT)
        for path in junk:
            os.remove(path)
        daemon.until("two", lambda: "1 more" in daemon.input("keyboard")["detail"])

    def test_grab(self):
        """a keyboard that is grabbed types for nobody else"""
        whole = config()
        whole["inputs"][-1]["grab"] = True
        daemon = self.daemon(whole)
        # who reads the same device gets nothing
        path = daemon.input("keyboard")["detail"].rsplit("(", 1)[1].rstrip(")")
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.keyboard.hit("X")
        daemon.until("animated", lambda: daemon.zone("FLOOR")["render_mode"] == "ANIMATION")
        with self.assertRaises(BlockingIOError):
            os.read(reader, 24)

    def test_flood(self):
        """a flood of keys loses no frame, grows no memory, and the keyboard works afterwards"""
        whole = config(frames={"fps": 20})
        whole["zones"][1]["start"]["animation"] = {"id": "RAINBOW"}
        daemon = self.daemon(whole)
        burst = b"".join(Keyboard.event(1, KEYS["K"], value) + Keyboard.event(0, 0, 0)
                         for value in (1, 0)) * 200
        # what is remembered of events, 2048 at most of any kind, is full afterwards
        for _ in range(50):
            os.write(self.keyboard.fd, burst)
        daemon.until("told", lambda: daemon.input("keyboard")["events"] > 4096)
        memory, before = daemon.memory_kib(), daemon.input("keyboard")["events"]
        frames = daemon.get("/system/health")["outputs"][0]["frames"]
        shown = symbols()[-1][0]
        keys = 0
        while keys < 60000:
            # more than the kernel keeps for a reader: it drops, and says so by SYN_DROPPED
            for _ in range(10):
                os.write(self.keyboard.fd, burst)
                keys += 400
        after = daemon.get("/system/health")["outputs"][0]["frames"]
        # every frame that was due was made and sent: none was left out for a busy device
        self.assertEqual(after["dropped"], frames["dropped"])
        self.assertGreater(symbols()[-1][0], shown + 5)
        self.keyboard.hit("X")
        daemon.until("animated", lambda: daemon.zone("FLOOR")["render_mode"] == "ANIMATION")
        # all before X has been read: what was not told was dropped by the kernel
        told = daemon.input("keyboard")["events"] - before
        self.assertLess(told, keys)
        # not one piece of memory is kept for each of them
        grown, most = daemon.memory_kib() - memory, told * PIECE_BYTES // 1024
        self.assertLess(grown, most)
        self.assertEqual(daemon.get("/system/health")["status"], "healthy")
        print(f"# {keys} key events, {told} of them told; frames {frames['rendered']} to "
              f"{after['rendered']}; grown by {grown} KiB, of {most}")


class Lines(InputTest):
    def test_busy(self):
        """a line that another program has is told with its name, and works when it is given back"""
        taker = subprocess.Popen(["gpiomon", "--silent", self.chip.name, str(BUTTONS[1])])
        self.addCleanup(taker.kill)
        time.sleep(0.5)
        daemon = self.daemon(present=False)
        daemon.present("button2", "selector")
        missing = daemon.until("missing", lambda: daemon.input("button1")["detail"] and
                               daemon.input("button1"))
        self.assertEqual(missing["error"], "EBUSY")
        self.assertEqual(missing["detail"], 'GPIO line 22 (GPIO22) is in use by "gpiomon"')
        self.assertIn("input button1 is missing", daemon.get("/system/health")["reason"])
        self.button(2)
        daemon.until("the others work", lambda: daemon.panel()["lamp_white"])
        taker.send_signal(signal.SIGTERM)
        taker.wait()
        daemon.present("button1")
        self.button(1)
        daemon.until("edit mode", lambda: daemon.panel()["edit_mode"])
        self.assertEqual(daemon.log().count("button button1 is missing"), 1)

    def test_chip(self):
        """a chip that goes takes its inputs with it, and brings them back"""
        daemon = self.daemon()
        self.chip.unplug()
        daemon.until("missing", lambda: not any(daemon.input(n)["present"] for n in
                                                ("selector", "modulator", "button1", "button4")))
        self.assertTrue(daemon.input("keyboard")["present"])
        self.chip.plug()
        daemon.present("selector", "modulator", "button1", "button2", "button3", "button4")
        self.button(1)
        daemon.until("edit mode", lambda: daemon.panel()["edit_mode"])
        self.selector.turn(1)
        daemon.until("CIRCLE", lambda: daemon.panel()["zone"] == "CIRCLE")

    def test_absent(self):
        """without the chip the daemon lights up all the same, and takes the lines when they come"""
        self.chip.unplug()
        daemon = self.daemon(present=False)
        self.assertEqual(part(symbols()[-1], "CIRCLE")[0], (255, 0, 0))
        detail = daemon.until("missing", lambda: daemon.input("button1")["detail"])
        self.assertEqual(detail, 'no GPIO chip has a line named "GPIO22"')
        self.chip.plug()
        daemon.present("button1", "modulator")

    def test_offsets(self):
        """lines are found by chip and number, and by the chip's label, too"""
        whole = config()
        whole["inputs"] = [
            {"name": "button1", "type": "button", "chip": self.chip.name, "line": BUTTONS[1]},
            {"name": "button2", "type": "button", "chip": "pinctrl-sim", "line": BUTTONS[2]},
            {"name": "button3", "type": "button", "chip": "/dev/" + self.chip.name,
             "line": BUTTONS[3], "active_low": False, "bias": "pull_down"}]
        daemon = self.daemon(whole)
        self.button(1)
        daemon.until("edit mode", lambda: daemon.panel()["edit_mode"])
        self.button(2)
        daemon.until("lamp", lambda: daemon.panel()["lamp_white"])
        self.chip.high(BUTTONS[3])
        daemon.until("power", lambda: daemon.panel()["power_off"])
        consumer = subprocess.run(["gpioinfo", self.chip.name], check=True, stdout=subprocess.PIPE,
                                  text=True).stdout
        self.assertEqual(consumer.count('"diunad"'), 3)

    def test_buzzer(self):
        """a buzzer on a line sounds in the pattern that is asked for, and is silent at the end"""
        whole = config()
        whole["inputs"].append({"name": "buzzer", "type": "buzzer", "line": f"GPIO{BUZZER}"})
        whole["bindings"] = [{"input": "button1", "action": "SOUND", "pattern": "ALARM"}]
        daemon = self.daemon(whole)
        self.assertEqual(self.chip.value(BUZZER), 0)
        self.button(1)
        daemon.until("a tone", lambda: self.chip.value(BUZZER) == 1)
        # six notes of 200 ms
        daemon.until("silence", lambda: self.chip.value(BUZZER) == 0)
        self.button(1)
        daemon.until("a tone", lambda: self.chip.value(BUZZER) == 1)
        self.assertEqual(daemon.end(), 0)
        self.assertEqual(self.chip.value(BUZZER), 0)

    def test_buzzer_pwm(self):
        """a buzzer on a PWM of the kernel gets the tones of the pattern, and is silent at the end"""
        folder = "/sys/class/pwm/pwmchip0"
        whole = config()
        whole["inputs"].append({"name": "buzzer", "type": "buzzer", "device": folder, "pwm": 0})
        whole["bindings"] = [{"input": "button1", "action": "SOUND", "pattern": "ALARM"}]
        daemon = self.daemon(whole)

        def attribute(name):
            return int(open(f"{folder}/pwm0/{name}", encoding="ascii").read())
        self.assertEqual(attribute("enable"), 0)
        self.button(1)
        # 2400 and 1200 Hz in turn, in ns; half of it is the duty
        for period in (416666, 833333, 416666):
            daemon.until(f"{period} ns", lambda: attribute("enable") == 1 and
                         attribute("period") == period and attribute("duty_cycle") == period // 2)
        daemon.until("silence", lambda: attribute("enable") == 0)
        self.button(1)
        daemon.until("a tone", lambda: attribute("enable") == 1)
        self.assertEqual(daemon.end(), 0)
        self.assertEqual(attribute("enable"), 0)

    def test_buzzer_gone(self):
        """a buzzer whose chip goes is missing, though it is silent, and comes back with it"""
        whole = config()
        whole["inputs"].append({"name": "buzzer", "type": "buzzer", "line": f"GPIO{BUZZER}"})
        daemon = self.daemon(whole)
        self.chip.unplug()
        daemon.until("missing", lambda: not daemon.input("buzzer")["present"])
        self.chip.plug()
        daemon.present("buzzer")


class Missing(InputTest):
    def test_denied(self):
        """what may not be opened is told with what would help, and works when it may be"""
        chip, keyboard = "/dev/" + self.chip.name, self.keyboard.path()
        os.chmod(chip, 0o600)
        os.chmod(keyboard, 0o600)
        daemon = Daemon(config(outputs=[{"name": "main", "type": "virtual", "channels": [
            {"pixels": 51}, {"pixels": 68}]}]), user=65534)
        self.addCleanup(daemon.end)
        for name, words in [("button1", "GPIO chips may not be opened: is the user in the group gpio?"),
                            ("keyboard",
                             "input devices may not be opened: is the user in the group input?")]:
            missing = daemon.until("missing", lambda: daemon.input(name)["detail"] and
                                   daemon.input(name))
            self.assertEqual(missing["error"], "EACCES")
            self.assertRegex(missing["detail"], r"^\d+ of \d+ " + re.escape(words))
        self.assertIn("input button1 is missing", daemon.get("/system/health")["reason"])
        # who waits to be told does not ask from time to time
        time.sleep(30)
        before = daemon.switches()
        time.sleep(30)
        self.assertEqual(daemon.switches(), before)
        os.chmod(chip, 0o666)
        daemon.present("button1", "selector")
        self.button(1)
        daemon.until("edit mode", lambda: daemon.panel()["edit_mode"])
        os.chmod(keyboard, 0o666)
        daemon.present("keyboard")
        self.keyboard.hit("X")
        daemon.until("animated", lambda: daemon.zone("FLOOR")["render_mode"] == "ANIMATION")

    def pwm(self, name):
        """A folder in place of a PWM's in sysfs, and the buzzer that is on it."""
        folder = os.path.join("/run", name)
        shutil.rmtree(folder, ignore_errors=True)
        whole = config()
        whole["inputs"].append({"name": "buzzer", "type": "buzzer", "device": folder, "pwm": 0})
        return folder, whole

    @staticmethod
    def make(folder, *names):
        os.makedirs(os.path.join(folder, "pwm0"), exist_ok=True)
        for name in names:
            open(os.path.join(folder, name), "wb").close()

    def test_late(self):
        """a PWM is taken whenever it comes, though nobody tells of it"""
        folder, whole = self.pwm("pwm-late")
        daemon = self.daemon(whole, present=False)
        daemon.until("missing", lambda: daemon.input("buzzer")["detail"])
        # longer than all waits that grow
        time.sleep(30)
        self.make(folder, "export", "pwm0/period", "pwm0/duty_cycle", "pwm0/enable")
        daemon.present("buzzer")

    def test_read_only(self):
        """a PWM that the service may not write is told with what would help, and given up"""
        folder, whole = self.pwm("pwm-read-only")
        self.make(folder, "export", "pwm0/period", "pwm0/duty_cycle", "pwm0/enable")
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        self.addCleanup(subprocess.run, ["umount", folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        daemon = self.daemon(whole, present=False)
        missing = daemon.until("missing", lambda: daemon.input("buzzer")["detail"] and
                               daemon.input("buzzer"))
        self.assertEqual(missing["error"], "EROFS")
        self.assertIn("needs pwm-buzzer.conf", missing["detail"])
        daemon.until("given up", lambda: "buzzer buzzer is missing and is not waited for" in
                     daemon.log())

    def test_end_while_opening(self):
        """the end is in order while an input is being opened and is to be opened once more"""
        folder, whole = self.pwm("pwm-slow")
        # its files are waited for, a second at a time
        self.make(folder, "export")
        daemon = self.daemon(whole, present=False).present("keyboard")
        second = Keyboard(product=2)
        self.addCleanup(second.unplug)
        time.sleep(0.2)
        self.assertEqual(daemon.end(), 0)


class Background(terminal.TerminalTest):
    def costs_nothing(self):
        """Longer than all waits that grow; then nobody is woken up."""
        # the server closes a connection that is not used
        self.http.close()
        time.sleep(30)
        before = self.switches()
        time.sleep(30)
        self.assertEqual(self.switches(), before)

    def test_no_terminal(self):
        """without a terminal nobody asks again and again whether there is one"""
        self.start(stdin=subprocess.DEVNULL)
        self.until("told", lambda: self.get("/inputs")["inputs"][0]["error"] == "ENOTTY")
        self.costs_nothing()

    def test_given_back(self):
        """a terminal that another program has costs nothing, and is taken when it is given back"""
        self.start()
        self.present()
        os.write(self.take, b"t")
        self.until("another has it", lambda: os.tcgetpgrp(self.ours) != self.process.pid)
        os.write(self.ours, b"x")
        self.until("missing", lambda: not self.get("/inputs")["inputs"][0]["present"])
        self.costs_nothing()
        # the shell's "fg", typed and done
        os.write(self.ours, b"f")
        os.write(self.take, b"g")
        self.present()
        os.write(self.ours, b"x")
        self.until("animated", lambda: self.get("/zones/A")["render_mode"] == "ANIMATION")
        # what was found when it was taken for the second time was our own
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(terminal.LIMIT), 0)
        self.assertTrue(self.as_before())


class Whole(InputTest):
    def test_story(self):
        """choose a zone, edit it, see it pulse, change its hue, leave, restart: it is as it was left"""
        state = "/run/input-state.json"
        if os.path.exists(state):
            os.remove(state)
        daemon = self.daemon(arguments=["--state", state])
        self.selector.turn(1)
        daemon.until("CIRCLE", lambda: daemon.panel()["zone"] == "CIRCLE")
        daemon.until("red", lambda: set(part(symbols()[-1], "CIRCLE")) == {(255, 0, 0)})
        self.button(1)
        # the selected zone pulses, from dark to its colour, and no other one does
        reds = set()

        def pulses():
            reds.update(part(f, "CIRCLE")[0][0] for f in symbols(last=8))
            return len(reds) > 8 and min(reds) < 40 and max(reds) > 200
        daemon.until("pulses", pulses)
        self.assertEqual(len({tuple(part(f, "FLOOR")) for f in symbols(last=8)}), 1)
        self.press(MODULATOR[2])
        daemon.until("hue", lambda: daemon.panel()["target"] == "HUE")
        self.modulator.turn(12)
        daemon.until("hue 120", lambda: daemon.zone("CIRCLE")["color"].get("hue") == 120)
        self.button(1)
        # hue 120 is pure green
        daemon.until("green on the wire", lambda: set(part(symbols()[-1], "CIRCLE")) == {(0, 255, 0)})
        before = daemon.get("/zones")
        self.assertEqual(daemon.end(), 0)
        daemon = self.daemon(arguments=["--state", state])
        self.assertEqual(daemon.get("/zones"), before)
        daemon.until("green again", lambda: set(part(symbols()[-1], "CIRCLE")) == {(0, 255, 0)})

    def test_power_after_restart(self):
        """after a restart in the dark the power button gives light"""
        state = "/run/input-power.json"
        if os.path.exists(state):
            os.remove(state)

        def on(daemon):
            return [z["id"] for z in daemon.get("/zones")["zones"] if z["is_on"]]
        daemon = self.daemon(arguments=["--state", state])
        self.button(3)
        daemon.until("dark", lambda: not on(daemon))
        self.assertEqual(daemon.end(), 0)
        daemon = self.daemon(arguments=["--state", state])
        self.assertEqual(on(daemon), [])
        self.button(3)
        daemon.until("light", lambda: on(daemon))
        self.button(3)
        daemon.until("dark again", lambda: not on(daemon))

    def test_edit_of_moving_and_dark(self):
        """in edit mode an animated zone is blinked over in white, a dark one in blue"""
        daemon = self.daemon()
        daemon.change("PUT", "/zones/FLOOR/animation", {"animation_id": "SNAKE"})
        self.button(1)
        daemon.until("white", lambda: any(set(part(f, "FLOOR")) == {(255, 255, 255)}
                                          for f in symbols(last=4)))
        daemon.change("PUT", "/zones/FLOOR/is-on", {"is_on": False})
        daemon.until("blue", lambda: any(set(part(f, "FLOOR")) == {(0, 0, 255)}
                                         for f in symbols(last=4)))

    def test_bindings(self):
        """bindings are read, changed and taken back by the API; what is not known is refused"""
        daemon = self.daemon()
        default = daemon.get("/bindings")
        self.assertFalse(default["own"])
        self.assertEqual(default["bindings"][0],
                         {"input": "selector", "gesture": "rotate", "action": "SELECT_ZONE"})
        wrong = [
            ({"input": "selektor", "gesture": "rotate", "action": "ADJUST"}, "/bindings/0/input",
             'did you mean "selector"?'),
            ({"input": "selector", "gesture": "rotat", "action": "ADJUST"}, "/bindings/0/gesture",
             'did you mean "rotate"?'),
            ({"input": "button1", "action": "LAMPWHITE"}, "/bindings/0/action",
             'did you mean "LAMP_WHITE"?'),
            ({"key": "SPACEE", "action": "POWER"}, "/bindings/0/key", 'did you mean "SPACE"?'),
            ({"key": "Z", "action": "SET_HUE", "zone": "FLOR", "hue": 3}, "/bindings/0/zone",
             'did you mean "FLOOR"?'),
            ({"key": "Z", "action": "SET_HUE", "hue": 361}, "/bindings/0/hue",
             "a whole number from 0 to 360"),
            ({"input": "button1", "gesture": "rotate", "action": "ADJUST"}, "/bindings/0/gesture",
             'of a button one of "press"'),
            ({"input": "keyboard", "action": "POWER"}, "/bindings/0/key", "a key"),
            ({"key": "Z", "action": "SET_PARAMETER", "parameter": "spede", "value": 3},
             "/bindings/0/parameter", 'did you mean "speed"?'),
            ({"key": "Z", "action": "SET_PARAMETER", "parameter": "speed", "value": 0},
             "/bindings/0/value", "a whole number from 1 to 100"),
            ({"key": "Z", "action": "POWER", "hue": 3}, "/bindings/0/hue", 'one of "input"'),
        ]
        for binding, field, allowed in wrong:
            status, problem = daemon.ask("PUT", "/bindings", {"bindings": [binding]})
            self.assertEqual(status, 422, binding)
            self.assertEqual(problem["errors"][0]["field"], field)
            self.assertIn(allowed, problem["errors"][0]["allowed"])
        self.assertEqual(daemon.get("/bindings"), default)
        own = [{"input": "selector", "gesture": "rotate", "action": "ADJUST", "steps": -1}]
        daemon.change("PUT", "/bindings", {"bindings": own})
        self.assertEqual(daemon.get("/bindings"), {"own": True, "bindings": own})
        self.selector.turn(1)
        daemon.until("55", lambda: daemon.zone("FLOOR")["brightness"] == 55)
        daemon.change("DELETE", "/bindings")
        self.assertEqual(daemon.get("/bindings"), default)

    def test_bindings_kept(self):
        """bindings that were changed are there after a restart"""
        state = "/run/input-bindings.json"
        if os.path.exists(state):
            os.remove(state)
        daemon = self.daemon(arguments=["--state", state])
        own = [{"key": "CTRL+Z", "gesture": "release", "action": "SET_MODE", "zone": "PIXEL",
                "render_mode": "ANIMATION"},
               {"input": "button3", "gesture": "long", "action": "RECALL_SCENE", "scene": "evening"}]
        daemon.change("PUT", "/bindings", {"bindings": own})
        self.assertEqual(daemon.end(), 0)
        daemon = self.daemon(arguments=["--state", state])
        self.assertEqual(daemon.get("/bindings"), {"own": True, "bindings": own})
        daemon.change("DELETE", "/bindings")
        self.assertEqual(daemon.end(), 0)
        daemon = self.daemon(arguments=["--state", state])
        self.assertFalse(daemon.get("/bindings")["own"])

    def test_idle(self):
        """inputs that nobody touches wake nobody up"""
        daemon = self.daemon()
        time.sleep(2)
        before = daemon.switches()
        time.sleep(10)
        after = daemon.switches()
        self.assertEqual(after, before)

    def test_tasks(self):
        """every input is a task of its own"""
        daemon = self.daemon()
        tasks = [t["description"] for t in daemon.get("/system/tasks/active")["tasks"]
                 if t["category"] == "INPUT"]
        self.assertEqual(sorted(tasks), sorted(
            ["encoder selector", "encoder modulator", "keyboard keyboard",
             *(f"button button{n}" for n in BUTTONS)]))

    def test_list(self):
        """diunad --list-inputs names chips, lines and keyboards, and sends a terminal nothing of theirs"""
        from rig import DIUNAD
        odd = Keyboard(name="Odd \x1b[2J keyboard", product=2)
        self.addCleanup(odd.unplug)
        text = subprocess.run([DIUNAD, "--list-inputs"], check=True, stdout=subprocess.PIPE,
                              text=True).stdout
        self.assertIn(f'{self.chip.name}', text)
        self.assertIn('"pinctrl-sim", 32 lines', text)
        self.assertIn("22 GPIO22", text)
        self.assertRegex(text, r'/dev/input/event\d+ +"Test keyboard", 127 keys, a keyboard')
        self.assertIn('"Odd ?[2J keyboard", 127 keys', text)

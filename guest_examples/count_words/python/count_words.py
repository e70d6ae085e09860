"""Counts the words, lines and bytes of texts, and keeps totals in the host's durable state."""

import re

from wardian_sdk import BadConfig, Extension, Invalid, Unimplemented, entry, log, metric, state

KEYS = ("words", "lines", "bytes", "calls")  # of the totals, in the order in which `totals` replies
SPACE = re.compile(r"[ \t-\r]+")


class CountWords(Extension):
    """For other plugins, which call methods: {"method": text, "argument": any} -> what the method replies."""

    def open(self):
        self.min_length = self.config.get("min_length", 1)  # shorter words are not counted
        if type(self.min_length) is not int or self.min_length < 1:
            raise BadConfig("`min_length` must be an integer of at least 1")

    def call(self, method, argument):
        methods = {"count": self.count, "totals": self.totals, "reset": self.reset}
        if method not in methods:
            raise Unimplemented("the methods are `count`, `totals` and `reset`")
        return methods[method](argument)

    @entry
    def count(self, request):
        """text, or {"text": text} -> {"words", "lines", "bytes", "total_words", "total_lines", "calls"}"""
        text = request.get("text") if isinstance(request, dict) else request
        if not isinstance(text, str):
            raise Invalid("the request must be a text, or a map with a text under `text`")

        words = sum(len(word) >= self.min_length for word in SPACE.split(text))
        lines = text.count("\n") + (text != "" and not text.endswith("\n"))  # as many as an editor shows
        size = len(text.encode())

        # All changes of one call are committed together when it succeeds, and undone when it fails.
        total_words, total_lines = state.add("words", words), state.add("lines", lines)
        state.add("bytes", size)
        calls = state.add("calls")

        # Logging and metrics are bounded; a plugin goes on when the host has heard enough.
        log.info(f"counted {words} words in {lines} lines")
        metric.counter("words_counted", words)
        return {
            "words": words, "lines": lines, "bytes": size,
            "total_words": total_words, "total_lines": total_lines, "calls": calls,
        }  # fmt: skip

    @entry
    def totals(self, _):
        """null -> the totals of all calls so far"""
        return {key: state.get(key, 0) for key in KEYS}

    @entry
    def reset(self, _):
        """null -> null; the totals begin at zero again"""
        for key in KEYS:
            state.delete(key)

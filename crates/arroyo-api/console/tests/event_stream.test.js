import assert from "node:assert/strict";
import { test } from "node:test";

import { EventParser, eventsOf } from "../event_stream.js";

const STREAM = ": keep alive\n\nid: 0\ndata: {\"a\":1}\n\r\ndata:first\rdata: second\r\n\r\nevent: x\n\ndata: cut";
const EVENTS = ['{"a":1}', "first\nsecond"];

test("events are the same however the stream is cut", () => {
  for (let at = 0; at <= STREAM.length; at++) {
    const parser = new EventParser();
    assert.deepEqual([...parser.push(STREAM.slice(0, at)), ...parser.push(STREAM.slice(at))], EVENTS, `cut at ${at}`);
  }
});

test("a body that breaks off has ended", async () => {
  let pulls = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(new TextEncoder().encode("data: 1\n\ndata: 2"));
      else controller.error(new TypeError("network error"));
    },
  });
  const events = [];
  for await (const event of eventsOf(body)) events.push(event);
  assert.deepEqual(events, ["1"]);
});

test("characters that are cut between two pieces of a body arrive whole", async () => {
  const bytes = new TextEncoder().encode("data: né\n\n");
  const body = new ReadableStream({
    start(controller) {
      bytes.forEach((byte) => controller.enqueue(Uint8Array.of(byte)));
      controller.close();
    },
  });
  const events = [];
  for await (const event of eventsOf(body)) events.push(event);
  assert.deepEqual(events, ["né"]);
});

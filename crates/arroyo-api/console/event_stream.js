// @ts-check

/** Takes the text of server-sent events in pieces and gives the data of those that are complete. */
export class EventParser {
  #rest = "";
  /** @type {string[]} */
  #data = [];

  /**
   * @param {string} text
   * @returns {string[]}
   */
  push(text) {
    // A carriage return at the end may be the first half of a line's end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const events = [];
    for (const line of lines) {
      if (line.startsWith("data:")) {
        this.#data.push(line.slice(line[5] === " " ? 6 : 5));
      } else if (line === "" && this.#data.length > 0) {
        events.push(this.#data.join("\n"));
        this.#data = [];
      }
    }
    return events;
  }
}

/**
 * The data of each event of an answer's body; ends when the body does, or breaks off.
 * @param {ReadableStream<Uint8Array>} body
 */
export async function* eventsOf(body) {
  const [parser, decoder, reader] = [new EventParser(), new TextDecoder(), body.getReader()];
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done) return;
    yield* parser.push(decoder.decode(value, { stream: true }));
  }
}

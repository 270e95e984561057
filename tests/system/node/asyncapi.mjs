// Reads an AsyncAPI document from standard input; prints what the official parser has against it, as JSON.
import { Parser } from "@asyncapi/parser";
import { text } from "node:stream/consumers";

const { document, diagnostics } = await new Parser().parse(await text(process.stdin));
console.log(
  JSON.stringify({
    channels: document?.channels().all().map((channel) => channel.address()) ?? null,
    messages: document?.messages().all().map((message) => message.id()) ?? null,
    complaints: diagnostics.map(({ code, message, path, severity }) => ({ code, message, path, severity })),
  }),
);

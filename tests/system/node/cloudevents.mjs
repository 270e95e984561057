// Reads records from standard input, one a line; prints what the CloudEvents SDK made of each, as JSON.
import { HTTP, CloudEvent } from "cloudevents";
import { createInterface } from "node:readline";

const headers = { "content-type": "application/cloudevents+json; charset=utf-8" };
const judged = [];
for await (const body of createInterface({ input: process.stdin })) {
  try {
    const event = HTTP.toEvent({ headers, body });
    event.validate();
    judged.push({ type: event.type, sequence: event.sequence, known: event instanceof CloudEvent, fault: null });
  } catch (error) {
    judged.push({ type: null, sequence: null, known: false, fault: `${error.message} ${JSON.stringify(error.errors ?? "")}` });
  }
}
console.log(JSON.stringify(judged));

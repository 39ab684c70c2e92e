// A guest in JavaScript for the world `amal:obs/hosted` (wit/obs.wit). Inside componentize-qjs a u64 is a number.
import { counter, gauge } from "amal:obs/metrics@0.1.0";

const requests = [
  { path: "/", status: 200 },
  { path: "/basket", status: 200 },
  { path: "/favicon.ico", status: 404 },
  { path: "/checkout", status: 500 },
  { path: "/", status: 200 },
];

/** Serves some requests, and reports them. */
export function run() {
  let failed = 0;
  for (const { status } of requests) {
    counter("requests", 1);
    if (status >= 500) failed += 1;
  }
  counter("errors", failed);
  gauge("error-rate", failed / requests.length);
}

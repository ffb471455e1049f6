// Runs the WebAssembly module as `swiftlet translate` runs, with the same output, complaints and statuses:
//
//   node tools/boards/translate.mjs MODULE MODEL [--digest] [--max-source N] [--max-tokens N] < LINES
//
// With --embed, as `swiftlet embed` does with --digest.
import { readFileSync } from "node:fs";

const [modulePath, modelPath, ...options] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(modulePath));
const imports = WebAssembly.Module.imports(module);
if (imports.length > 0) throw new Error(`the module has imports: ${JSON.stringify(imports)}`);
const swiftlet = new WebAssembly.Instance(module).exports;

// The memory is another buffer after it has grown.
const bytes = (place, count) => new Uint8Array(swiftlet.memory.buffer, place >>> 0, count);
const text = (place, count) => Buffer.from(bytes(place, count)).toString();
const message = () => text(swiftlet.swiftlet_message(), swiftlet.swiftlet_message_count());
let status = 0;
function complain(about) {
  process.stderr.write(`swiftlet: error: ${about}: ${message()}\n`);
  status = 1;
}

const number = (option) => (options.includes(option) ? Number(options[options.indexOf(option) + 1]) : 0);
const isVector = options.includes("--embed");

function open() {
  const model = readFileSync(modelPath);
  const place = swiftlet.swiftlet_reserve(model.length);
  if (place === 0) throw new Error("no memory for the model");
  bytes(place, model.length).set(model);
  if (swiftlet.swiftlet_open(model.length, number("--max-source"), 0) === 0) return true;
  complain(modelPath);
  return false;
}

// Each line's bytes: what follows the last line break is a line too, unless it is empty.
function* lines(input) {
  for (let start = 0; start < input.length; ) {
    const found = input.indexOf(10, start);
    const end = found < 0 ? input.length : found;
    yield input.subarray(start, end);
    start = end + 1;
  }
}

if (open()) {
  const results = [];
  const most = number("--max-tokens");
  let place = 0;
  for (const line of lines(readFileSync(0))) {
    place += 1;
    const count = Math.min(line.length, swiftlet.swiftlet_input_capacity());
    bytes(swiftlet.swiftlet_input(), count).set(line.subarray(0, count));
    const failed = isVector ? swiftlet.swiftlet_embed(count) : swiftlet.swiftlet_translate(count, most);
    if (failed !== 0) complain(`line ${place}`);
    results.push(text(swiftlet.swiftlet_text(), swiftlet.swiftlet_text_count()) + "\n");
  }
  const digest = BigInt.asUintN(64, swiftlet.swiftlet_digest()).toString(16).padStart(16, "0");
  process.stdout.write(options.includes("--digest") ? digest + "\n" : results.join(""));
}
process.exitCode = status;

/**
 * What makes a plugin of an author's sources: `asc --transform` loads this file.
 *
 * - `@plugin class Words extends Processor` exports the entry points of that kind, those whose methods it has.
 * - `@entry function greet(request: Value): Value` exports the entry point `greet`.
 * - `@app declare function lookup(query: Value): Value` is a function of the application that runs the plugin.
 * - `@message class Greeting { name: string = ""; }` gives it `Greeting.of(value)` and `toValue()`.
 *
 * The sources are then no longer what is exported from: one more is, which calls them.
 */
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// The compiler that runs this: `bin/asc.js` of its package.
const compiler = join(dirname(realpathSync(process.argv[1])), "..", "dist", "assemblyscript.js");
const { CommonFlags, DiagnosticCode, NodeKind, Parser, SourceKind } = await import(
  pathToFileURL(compiler)
);

/** Of each kind: the method of its class → the entry point. */
const KINDS = {
  Source: { poll: "source_poll", request: "source_request" },
  Action: { call: "action_call", cancel: "action_cancel" },
  Processor: { process: "processor_process" },
  Function: { call: "function_call", validate: "function_validate" },
  Aggregator: { add: "aggregator_add", flush: "aggregator_flush", reset: "aggregator_reset" },
  Sink: { write: "sink_write", flush: "sink_flush" },
  Lookup: { rows: "lookup_rows" },
  Extension: { call: "extension_call" },
};
const OPENS = ["open", "resume", "intervalMs"];
const GENERATED = "wardian_entries.ts";

export default class PluginTransform {
  afterParse(parser) {
    const authors = parser.sources.filter((source) => !source.isLibrary && !source.normalizedPath.startsWith("~lib/"));
    const found = { parser, classes: new Map(), plugins: [], entries: [], main: [] };
    for (const source of authors) {
      if (source.sourceKind === SourceKind.UserEntry) {
        source.sourceKind = SourceKind.User;
        found.main.push(source);
      }
      for (const statement of [...source.statements]) this.#look(found, source, statement);
    }
    parser.parseFile(entriesOf(found), GENERATED, true);
  }

  #look(found, source, statement) {
    const named = (name) => statement.decorators?.find((each) => each.name.text === name);
    if (statement.kind === NodeKind.ClassDeclaration) {
      found.classes.set(statement.name.text, statement);
      if (named("message")) addMembers(source, statement);
      if (named("plugin")) {
        statement.flags |= CommonFlags.Export;
        found.plugins.push({ source, name: statement.name.text, statement });
      }
    } else if (statement.kind === NodeKind.FunctionDeclaration) {
      if (named("entry")) {
        statement.flags |= CommonFlags.Export;
        found.entries.push({ source, name: statement.name.text, statement, named: textOf(named("entry")) });
      }
      const app = named("app");
      if (app) replaceByApp(source, statement, textOf(app) ?? statement.name.text);
    }
  }
}

/** The text that a decorator is called with, as in `@app("lookup_user")`. */
function textOf(decorator) {
  const literal = decorator.args?.[0];
  return literal?.kind === NodeKind.Literal ? literal.value : undefined;
}

function complain(found, node, message) {
  found.parser.error(DiagnosticCode.User_defined_0, node.range, message);
}

/** The text of the source that exports the entry points. */
function entriesOf(found) {
  const lines = [
    'export { wardian_abi_v1, wardian_alloc } from "wardian/abi";',
    'import { begin, end } from "wardian/abi";',
    'import { failed } from "wardian/fail";',
    'import { Plugin } from "wardian/kinds";',
    'import { Value } from "wardian/value";',
    'import * as serve from "wardian/serve";',
    'import "wardian/abort";',
    'import "wardian/app";',
    'import "wardian/message";',
    ...found.main.map((source) => `import "./${withoutEnding(source.normalizedPath)}";`),
  ];
  const exported = new Map(); // entry point → who has it
  const add = (name, node, call, who) => {
    if (exported.has(name)) {
      complain(found, node, `\`${name}\` is the entry point of \`${exported.get(name)}\` already`);
      return;
    }
    exported.set(name, who);
    lines.push(
      `export function ${name}(at: usize, size: usize): u64 {`,
      "  const request = begin(at, size);",
      `  return end(failed() ? Value.null : ${call});`,
      "}",
    );
  };
  const opens = [];
  const everybody = [];
  found.plugins.forEach(({ source, name, statement }, index) => {
    const { kind, members } = lineage(found, statement);
    if (!kind) {
      complain(found, statement.name, `\`@plugin\` is for a class that extends ${Object.keys(KINDS).join(", ")}`);
      return;
    }
    lines.push(`import { ${name} as Class${index} } from "./${withoutEnding(source.normalizedPath)}";`);
    lines.push(`const plugin${index} = new Class${index}();`);
    everybody.push(`plugin${index}`);
    if (OPENS.some((each) => members.has(each))) opens.push(["plugin_open", statement.name]);
    if (members.has("check")) opens.push(["plugin_check", statement.name]);
    if (members.has("close")) opens.push(["plugin_close", statement.name]);
    for (const [method, entry] of Object.entries(KINDS[kind])) {
      if (members.has(method)) add(entry, statement.name, `serve.${entry}(plugin${index}, request)`, name);
    }
  });
  if (everybody.length) lines.push(`const plugins: Plugin[] = [${everybody.join(", ")}];`);
  for (const [entry, node] of new Map(opens)) add(entry, node, `serve.${entry}(plugins, request)`, "@plugin");
  found.entries.forEach(({ source, name, statement, named }) => {
    const [takes, gives] = [statement.signature.parameters, statement.signature.returnType];
    if (takes.length > 1) complain(found, statement.name, "an entry point takes one request");
    const call = addCaller(source, statement, `__call_${name}`, takes[0]?.type, gives);
    lines.push(`import { ${call} } from "./${withoutEnding(source.normalizedPath)}";`);
    add(named ?? name, statement.name, `${call}(request)`, name);
  });
  return lines.join("\n") + "\n";
}

/** The kind of a class, and the names of what it and those that it extends have. */
function lineage(found, statement) {
  const members = new Set();
  const seen = new Set();
  for (let at = statement; at && !seen.has(at); ) {
    seen.add(at);
    for (const member of at.members) members.add(member.name.text);
    const parent = at.extendsType?.name.identifier.text;
    if (parent in KINDS && !found.classes.has(parent)) return { kind: parent, members };
    at = found.classes.get(parent);
  }
  return { kind: null, members };
}

const withoutEnding = (path) => path.replace(/\.ts$/, "");

/** The statements that a text holds, as if it stood in this source. */
function statementsOf(text, source) {
  const parser = new Parser();
  parser.parseFile(text, source.normalizedPath, false);
  return parser.sources[0].statements;
}

/** Gives a source the SDK under names that no author uses. */
function addImports(source) {
  if (source.wardian) return;
  source.wardian = true;
  const text = `
    import * as __app from "wardian/app";
    import * as __message from "wardian/message";
    import { Value as __Value } from "wardian/value";`;
  source.statements.unshift(...statementsOf(text, source));
}

/** `@app declare function` becomes an import, and a function that asks it. */
function replaceByApp(source, statement, name) {
  const own = statement.name.text;
  const takes = statement.signature.parameters.length;
  const text = `
    @external("app", "${name}") declare function __app_${own}(at: usize, size: usize): i64;
    export function ${own}(${takes ? "argument: __Value" : ""}): __Value {
      if (!__app.asking(${takes ? "argument" : "__Value.null"})) return __Value.null;
      return __app.answer(__app_${own}(__app.at(), __app.size()));
    }`;
  source.statements.splice(source.statements.indexOf(statement), 1, ...statementsOf(text, source));
  addImports(source);
}

/** A function beside an entry point that reads its argument from a value and writes its result as one. */
function addCaller(source, statement, caller, takes, gives) {
  const argument = takes ? `__message.as<${textOfNode(takes)}>(request)` : "";
  const nothing = textOfNode(gives) === "void";
  const call = `${statement.name.text}(argument)`.replace("argument", takes ? "argument" : "");
  const text = `
    export function ${caller}(request: __Value): __Value {
      ${takes ? `const argument = ${argument}; if (__app.failed()) return __Value.null;` : ""}
      ${nothing ? `${call}; return __Value.null;` : `return __Value.of(${call});`}
    }`;
  source.statements.push(...statementsOf(text, source));
  addImports(source);
  return caller;
}

/** Gives a message its `of`, `read` and `toValue`. A field without a value of its own must be there. */
function addMembers(source, statement) {
  const fields = statement.members.filter(
    (each) => each.kind === NodeKind.FieldDeclaration && !each.is(CommonFlags.Static) && each.type,
  );
  const reads = [];
  const sets = [];
  for (const field of fields) {
    const [name, type] = [field.name.text, textOfNode(field.type)];
    const required = !field.initializer && !type.endsWith("| null");
    reads.push(`this.${name} = __message.field<${type}>(value, "${name}", ${required}, this.${name});`);
    sets.push(`.set("${name}", this.${name})`);
    if (!field.initializer) {
      field.initializer = statementsOf(`__message.blank<${type}>();`, source)[0].expression;
      field.flags &= ~CommonFlags.DefinitelyAssigned;
    }
  }
  const name = statement.name.text;
  const text = `class ${name} {
    static of(value: __Value): ${name} { const made = new ${name}(); made.read(value, "", -1); return made; }
    read(value: __Value, key: string, index: i32): void { if (__message.isMessage(value, key, index)) { ${reads.join(" ")} } }
    toValue(): __Value { return __Value.map()${sets.join("")}; }
  }`;
  statement.members.push(...statementsOf(text, source)[0].members);
  addImports(source);
}

/** What stands in the source for a node. */
function textOfNode(node) {
  return node.range.source.text.substring(node.range.start, node.range.end);
}

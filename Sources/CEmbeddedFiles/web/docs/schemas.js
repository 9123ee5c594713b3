// Schemas of the OpenAPI document as tables, with links where one names another.

import { byId, element } from "../shared/dom.js";
import { t } from "../shared/language.js";

const referenceName = (reference) => reference.split("/").at(-1);

export function resolve(document_, reference) {
    return reference.replace("#/", "").split("/").reduce((node, name) => node?.[name], document_);
}

export function renderSchemas({ components }) {
    byId("schemas").replaceChildren(...Object.entries(components.schemas).map(([name, schema]) =>
        element("details", { id: `schema-${name}`, class: "entry" },
            element("summary", {}, element("code", {}, name)),
            element("div", { class: "inside" }, markdown(schema.description ?? ""), schemaBody(schema)))));
}

function schemaBody(schema) {
    const properties = propertiesOf(schema);
    if (properties.length === 0) return element("p", {}, schemaType(schema));
    const heads = ["name", "type", "meaning"].map((name) => element("th", { scope: "col" }, t(name)));
    return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("parameters") }, element("table", { class: "facts" },
        element("thead", {}, element("tr", {}, heads)),
        element("tbody", {}, properties.map(([name, value, isRequired]) => element("tr", {},
            element("th", { scope: "row" }, element("code", {}, name), isRequired ? ` (${t("required")})` : ""),
            element("td", {}, schemaType(value)),
            element("td", {}, markdown(value.description ?? "")))))),
        (schema.allOf ?? []).filter((part) => part.$ref).map((part) => element("p", {}, "+ ", schemaType(part))));
}

/** Its own properties and those of the parts that it joins in place. */
function propertiesOf(schema) {
    const own = Object.entries(schema.properties ?? {}).map(([name, value]) => [name, value, (schema.required ?? []).includes(name)]);
    return [...own, ...(schema.allOf ?? []).flatMap(propertiesOf)];
}

/** A type in a few words; a node, because it may hold links. */
export function schemaType(schema) {
    if (schema.$ref) {
        const name = referenceName(schema.$ref);
        return element("a", { href: `#schema-${name}` }, name);
    }
    if (schema.const !== undefined) return element("code", {}, JSON.stringify(schema.const));
    if (schema.enum) return element("code", {}, schema.enum.join(" | "));
    const alternatives = schema.oneOf ?? schema.anyOf;
    if (alternatives) return element("span", {}, alternatives.flatMap((part, index) => [index ? " | " : "", schemaType(part)]));
    if (schema.allOf) return element("span", {}, schema.allOf.flatMap((part, index) => [index ? " + " : "", schemaType(part)]));
    if (schema.type === "array") return element("span", {}, "[", schemaType(schema.items ?? {}), ", …]");
    const type = [schema.type ?? "any"].flat().join(" | ");
    const standard = schema.default === undefined ? "" : ` = ${JSON.stringify(schema.default)}`;
    return element("span", {}, type + standard);
}

/** Paragraphs, `code` and **strong** of a description. */
export function markdown(text) {
    const paragraphs = text.trim().split(/\n\s*\n/).filter(Boolean).map((paragraph) => {
        const parts = paragraph.replaceAll("\n", " ").split(/(`[^`]+`|\*\*[^*]+\*\*)/);
        return element("p", {}, parts.map((part) => {
            if (part.startsWith("`")) return element("code", {}, part.slice(1, -1));
            return part.startsWith("**") ? element("strong", {}, part.slice(2, -2)) : part;
        }));
    });
    return element("div", {}, paragraphs);
}

/**
 * Replaces `whatwg-url`, by which the MongoDB driver reads connection strings. Node has the same classes, and the package
 * brings tables of Unicode that are a third of the driver's size.
 */
export { URL, URLSearchParams } from "node:url";

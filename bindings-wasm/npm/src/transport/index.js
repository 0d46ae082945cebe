export { isPublicAddress } from "./address.js";
export { fetchTransport } from "./fetch.js";
export { mediaOverFetch } from "./media.js";
export { Refusal } from "../stores/refusal.js";

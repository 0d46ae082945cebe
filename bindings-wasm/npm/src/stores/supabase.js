import { storeOver } from "./methods.js";

/**
 * The store in a Supabase project, over `client.rpc`. The client holds the service's key: it may see every
 * user's rows, so that it belongs on a server.
 */
export function supabaseStore(client, { now, ...options } = {}) {
  return storeOver(async (method, request) => {
    const args = { p_method: method, p_request: request };
    if (now) args.p_now = now().toISOString();
    const { data, error } = await client.rpc("publish_store", args);
    if (error) throw Object.assign(new Error(error.message, { cause: error }), { code: error.code });
    return data;
  }, options);
}

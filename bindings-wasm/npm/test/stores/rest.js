// A stand-in for PostgREST, which can't be had from a package registry: `POST /rest/v1/rpc/<function>` with JSON
// arguments by name, as the role of the key, answered as PostgREST answers.
import { createServer } from "node:http";

const STATUS = { 42501: 403, 42883: 404, "28000": 401 };

/** Serves `pool`; a key is the role's name. */
export async function startRest(pool) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const name = /^\/rest\/v1\/rpc\/([a-z_]+)$/.exec(request.url)?.[1];
    const args = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    const role = request.headers.apikey;
    const client = await pool.connect();
    const send = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    try {
      await client.query("begin");
      await client.query(`set local role ${client.escapeIdentifier(role)}`);
      await client.query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify({ role })]);
      const names = Object.keys(args);
      const list = names.map((one, index) => `${client.escapeIdentifier(one)} => $${index + 1}`).join(", ");
      const { rows } = await client.query(`select public.${name}(${list}) as answer`, Object.values(args));
      await client.query("commit");
      send(200, rows[0].answer);
    } catch (error) {
      await client.query("rollback");
      const { code, message, detail: details = null, hint = null } = error;
      const missing = code === "42883";
      send(STATUS[code] ?? 400, { code: missing ? "PGRST202" : code, message, details, hint });
    } finally {
      client.release();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  };
}

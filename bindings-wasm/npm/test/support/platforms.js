// The simulated platforms, served by the project's own program, and what a test needs of them.

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { root } from "./paths.js";

const REDIRECT = "https://host.example/callback";
const FIRST_ACCOUNT = 17841499000000001n;
const APP = { client_id: "5550001", redirect_uri: REDIRECT };
const TIKTOK_APP = { client_key: "sim_client_key", redirect_uri: "http://127.0.0.1:8000/callback/" };
const TIKTOK_SCOPES = "user.info.basic,video.publish,video.upload,video.list";

/** Serves Instagram and TikTok to creators of these names. */
export async function startPlatforms(creators = ["sim.baker"]) {
  const program = process.env.CALENDAR_PUBLISH_SIMULATORS ?? join(root, "target/debug/simulators");
  const names = creators.flatMap((name) => ["--creator", name]);
  const addresses = ["--instagram", "127.0.0.1:0", "--tiktok", "127.0.0.1:0"];
  const media = ["--media", join(root, "tests/live/media"), "--redirect-uri", REDIRECT];
  const served = spawn(program, [...addresses, ...media, ...names], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = new Promise((_, fail) => {
    served.on("error", () => fail(new Error(`${program} isn't built: cargo build -p calendar-publish-simulators --bin simulators`)));
  });
  const hosts = await Promise.race([failed, readHosts(served.stdout)]);
  return new Platforms(served, hosts, creators.map((_, place) => String(FIRST_ACCOUNT + BigInt(place))));
}

async function readHosts(output) {
  const hosts = {};
  for await (const line of createInterface(output)) {
    const [name, base] = line.trim().split(/ {2,}/);
    if (base) hosts[name.replace("https://", "")] = base;
    if (name.endsWith("rupload.facebook.com")) break;
  }
  return hosts;
}

class Platforms {
  #served;

  constructor(served, hosts, accounts) {
    this.#served = served;
    this.graph = hosts["graph.instagram.com"];
    this.hosts = hosts;
    this.accounts = accounts;
    this.tiktok = hosts["open.tiktokapis.com"];
    this.creators = accounts.map((_, place) => `sim-open-id-${String(place + 1).padStart(4, "0")}`);
  }

  /** What a person's consent gives an app. */
  async token(account) {
    const scope = "instagram_business_basic,instagram_business_content_publish";
    const asked = { ...APP, response_type: "code", scope, account, decision: "allow" };
    const page = `${this.hosts["www.instagram.com"]}/oauth/authorize?${new URLSearchParams(asked)}`;
    const { headers } = await fetch(page, { redirect: "manual" });
    const code = new URL(headers.get("location")).searchParams.get("code");
    const form = { ...APP, client_secret: "instagram-app-secret", grant_type: "authorization_code", code };
    const url = `${this.hosts["api.instagram.com"]}/oauth/access_token`;
    const answer = await (await fetch(url, { method: "POST", body: new URLSearchParams(form) })).json();
    return answer.access_token ?? answer.data[0].access_token;
  }

  /** What a creator's consent gives an app at TikTok. */
  async tiktokToken(creator) {
    const verifier = randomBytes(32).toString("hex");
    const code_challenge = createHash("sha256").update(verifier).digest("hex");
    const proof = { code_challenge, code_challenge_method: "S256", state: "state" };
    const asked = { ...TIKTOK_APP, ...proof, response_type: "code", scope: TIKTOK_SCOPES, sim_creator: creator };
    const page = `${this.hosts["www.tiktok.com"]}/v2/auth/authorize/?${new URLSearchParams(asked)}`;
    const { headers } = await fetch(page, { redirect: "manual" });
    const code = new URL(headers.get("location")).searchParams.get("code");
    const secret = { client_secret: "sim_client_secret", code_verifier: verifier };
    const form = { ...TIKTOK_APP, ...secret, grant_type: "authorization_code", code };
    const answer = await fetch(`${this.tiktok}/v2/oauth/token/`, { method: "POST", body: new URLSearchParams(form) });
    return (await answer.json()).access_token;
  }

  /** TikTok's truth: the caption of every public post of the token's creator. */
  async tiktokCaptions(token) {
    const answer = await fetch(`${this.tiktok}/v2/video/list/?fields=id,title`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: "{}",
    });
    return (await answer.json()).data.videos.map((video) => video.title);
  }

  /** Instagram's truth: the caption of every post of the account. */
  async captions(account, token) {
    const query = new URLSearchParams({ fields: "caption", limit: 100, access_token: token });
    const captions = [];
    let url = `${this.graph}/v25.0/${account}/media?${query}`;
    while (url) {
      const page = await (await fetch(url)).json();
      captions.push(...page.data.map((post) => post.caption ?? ""));
      url = page.paging?.next;
    }
    return captions;
  }

  stop() {
    this.#served.kill("SIGKILL");
  }
}

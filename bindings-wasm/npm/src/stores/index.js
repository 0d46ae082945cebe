export { migrate, migrations } from "./migrate.js";
export { STORE_METHODS } from "./methods.js";
export { Refusal } from "./refusal.js";
export { sqlStore } from "./sql.js";
export { supabaseStore } from "./supabase.js";

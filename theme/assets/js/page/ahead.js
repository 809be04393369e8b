// All that opening a part needs, named flat: a member's browser fetches it at once, and not one layer of imports after another.

import "../open.js";
import "../refusal.js";
import "../session.js";
import "../site.js";
import "../vault/bytes.js";
import "../vault/keyring.js";
import "../vault/lockbox.js";
import "../vault/manifest.js";
import "../vault/part.js";
import "../vault/seal.js";
import "./address.js";
import "./contents.js";
import "./gate.js";
import "./markup.js";
import "./reader.js";

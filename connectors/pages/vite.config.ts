import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const gateway = "http://127.0.0.1:8000";

/** The pages: dist/shop/index.html, dist/desk/index.html and dist/assets/* with hashed names, served under /assets. */
export default defineConfig({
  root: path("./src"),
  publicDir: false,
  build: {
    outDir: path("./dist"),
    emptyOutDir: true,
    target: ["chrome123", "firefox120", "safari17.5"],
    // The gateway's Content-Security-Policy allows neither inline scripts nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { shop: path("./src/shop/index.html"), desk: path("./src/desk/index.html") } },
  },
  server: { proxy: { "/api": gateway, "/widget.js": gateway, "/socket.io": { target: gateway, ws: true } } },
  // A busy machine is no failure.
  test: { environment: "node", include: ["**/*.test.{ts,tsx}"], testTimeout: 60_000, hookTimeout: 60_000 },
});

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The embed: one classic script with its styles inside, under a name that never changes. Runs after the pages' build. */
export default defineConfig({
  root: path("./src/widget"),
  publicDir: false,
  build: {
    outDir: path("./dist"),
    emptyOutDir: false,
    target: ["chrome123", "firefox120", "safari17.5"],
    lib: {
      entry: path("./src/widget/main.tsx"),
      name: "FrontdeskWidget",
      formats: ["iife"],
      fileName: () => "widget.js",
    },
  },
});

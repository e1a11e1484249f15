import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Served below /console/ by the host; the page itself stands at /t/{tenant}/.
export default defineConfig({ base: "/console/", plugins: [svelte()], build: { outDir: "dist", emptyOutDir: true, modulePreload: false } });

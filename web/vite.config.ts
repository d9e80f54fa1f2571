import { defineConfig } from 'vite';

// The explorer. Its files are embedded in the program, which serves them from "/" and "/assets/".
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },  // the policy of the server allows no script within the page
    chunkSizeWarningLimit: 800,
  },
  // `npx vite` beside `ganymede serve --port 8642`: the page as it is edited.
  server: { port: 8641, proxy: { '/api': { target: 'http://127.0.0.1:8642', changeOrigin: true, headers: { Origin: 'http://127.0.0.1:8642' } } } },
});

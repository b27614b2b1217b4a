#!/usr/bin/env node
import './small-heap.ts';

// Not imported statically: what is loaded so is loaded, and makes the heap grow, before any of it runs.
const { main } = await import('./program.ts');
await main();

// Preloaded into a measured process: writes what it used, when it ends.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.BENCH_COST_FILE,
    JSON.stringify({
      cpuSeconds: (user + system) / 1e6,
      megabytes: maxRSS / 1024,
      seconds: process.uptime(),
    }),
  );
});

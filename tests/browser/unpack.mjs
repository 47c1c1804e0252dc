// Unpack Chromium, its fonts and its libraries below TMPDIR.
// The package brings the libraries (NSS) along only for the cloud whose name it finds here; a bare machine needs them too.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();

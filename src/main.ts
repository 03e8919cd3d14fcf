process.stdout.write('hello ' + process.versions.node + '\n' + process.argv.slice(2).join(','));

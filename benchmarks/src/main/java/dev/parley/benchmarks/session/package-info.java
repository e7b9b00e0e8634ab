/** Benchmarks of the session service's parts. */
package dev.parley.benchmarks.session;

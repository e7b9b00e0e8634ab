/**
 * What measures Parley: JMH benchmarks by name, and the load and soak tests with a WebRTC client of
 * our own.
 */
@NullMarked
package dev.parley.benchmarks;

import org.jspecify.annotations.NullMarked;

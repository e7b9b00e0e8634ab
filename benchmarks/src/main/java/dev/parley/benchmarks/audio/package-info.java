/** What a mix tick costs: decoding, adding, limiting and encoding 20 ms of speech. */
package dev.parley.benchmarks.audio;

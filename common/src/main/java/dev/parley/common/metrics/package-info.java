/** What a process counts, as Prometheus reads it. */
package dev.parley.common.metrics;

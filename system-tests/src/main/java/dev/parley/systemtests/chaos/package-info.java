/**
 * Seeded clients, and faults at the same time, against real session nodes with DynamoDB Local,
 * Redis and haproxy. What was seen is a history, to be judged.
 */
package dev.parley.systemtests.chaos;

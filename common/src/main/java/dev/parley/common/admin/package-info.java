/** The small HTTP door for whoever runs a process: alive, ready, metrics, drain. */
package dev.parley.common.admin;

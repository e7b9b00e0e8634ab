/**
 * Coordination of several session nodes by Redis, through Lettuce: one server, Sentinel or Cluster.
 * Every key expires, every script keeps to one slot, and where Redis does not answer this node goes
 * on alone.
 */
package dev.parley.session.coordination.redis;

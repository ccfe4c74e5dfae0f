"""Cluster: the stages over partitions of files, on the cores of one machine or on many machines."""

namespace brandwacht {}
